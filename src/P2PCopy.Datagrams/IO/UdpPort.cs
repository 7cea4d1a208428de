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

    /// <summary>Sends a train; the number of its datagrams that the system refused.</summary>
    /// <param name="train">Its bytes.</param>
    /// <param name="first">The first of its datagrams, to which the others are alike.</param>
    public int Send(ReadOnlySpan<byte> train, in Transmit first) =>
        TryPrepare(first) ? sender.Send(train, first.Length, first.Destination) : (train.Length + first.Length - 1) / first.Length;

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
