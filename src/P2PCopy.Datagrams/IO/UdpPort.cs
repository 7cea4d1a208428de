using System.Net.Sockets;
using P2PCopy.Datagrams.IO.Receiving;
using P2PCopy.Datagrams.IO.Sending;

namespace P2PCopy.Datagrams.IO;

/// <summary>One bound socket with its way in and its way out.</summary>
internal sealed class UdpPort(Socket socket, IDatagramSender sender, IDatagramReceiver receiver) : IDisposable
{
    private readonly PacketOptions _options = new(socket);

    /// <summary>The socket.</summary>
    public Socket Socket => socket;

    /// <summary>Takes datagrams off the socket.</summary>
    public IDatagramReceiver Receiver => receiver;

    /// <summary>The fastest ways that this system has.</summary>
    public static UdpPort Open(Socket socket) => new(
        socket,
        LinuxSender.TryCreate(socket) ?? (OperatingSystem.IsWindows() ? new WindowsSender(socket) : (IDatagramSender)new SocketSender(socket)),
        LinuxReceiver.TryCreate(socket) ?? (IDatagramReceiver)new SocketReceiver(socket));

    /// <summary>The ways that every system has.</summary>
    public static UdpPort OpenPortable(Socket socket) => new(socket, new SocketSender(socket), new SocketReceiver(socket));

    /// <summary>Sends all that the batch holds; the number of datagrams that the system refused.</summary>
    public int Send(SendBatch batch)
    {
        var refused = 0;
        while (batch.TryTakeTrain(out var train, out var first))
        {
            if (TryPrepare(first)) refused += sender.Send(train, first.Length, first.Destination);
            else refused++;
        }

        return refused;
    }

    /// <summary>Lets go of the socket, which stays open.</summary>
    public void Dispose()
    {
        (sender as IDisposable)?.Dispose();
        (receiver as IDisposable)?.Dispose();
    }

    private bool TryPrepare(in Transmit first)
    {
        try
        {
            _options.Apply(first);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
