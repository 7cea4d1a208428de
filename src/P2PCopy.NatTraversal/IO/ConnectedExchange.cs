using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;

namespace P2PCopy.NatTraversal.IO;

/// <summary>
/// Runs a machine that talks to one server for a moment, on a connected socket of its own: the kernel drops what comes from
/// elsewhere, and each question leaves from another random port.
/// </summary>
internal static class ConnectedExchange
{
    private const int LargestDatagram = 1500;

    /// <summary>Pumps until the machine is done.</summary>
    /// <exception cref="SocketException">There is no way to the server, or nobody listens there.</exception>
    /// <exception cref="OperationCanceledException">The exchange was stopped.</exception>
    public static async Task RunAsync(
        IDatagramProtocol machine, UdpEndpoint server, Func<bool> isDone, MonotonicClock clock, CancellationToken cancellation)
    {
        var family = server.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        using var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(server.IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any, 0));
        await socket.ConnectAsync(server.ToIPEndPoint(), cancellation).ConfigureAwait(false);
        var buffer = new byte[LargestDatagram];
        while (!isDone())
        {
            while (machine.TryTransmit(buffer, clock.Now, out var transmit))
                await socket.SendAsync(buffer.AsMemory(0, transmit.Length), cancellation).ConfigureAwait(false);
            var received = await ReceiveAsync(socket, buffer, machine.NextTimeout - clock.Now, cancellation).ConfigureAwait(false);
            if (received is { } length) machine.Handle(buffer.AsSpan(0, length), server, clock.Now);
            machine.HandleTimeout(clock.Now);
        }
    }

    private static async Task<int?> ReceiveAsync(Socket socket, byte[] buffer, TimeSpan patience, CancellationToken cancellation)
    {
        if (patience <= TimeSpan.Zero) return null;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        try
        {
            return await socket.ReceiveAsync(buffer, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
