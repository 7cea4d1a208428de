using System.Net;
using System.Net.Sockets;

namespace P2PCopy.Datagrams.IO.Receiving;

/// <summary>The portable receiver. An empty socket would make the framework throw, so it is asked first.</summary>
internal sealed class SocketReceiver(Socket socket) : IDatagramReceiver
{
    private readonly SocketAddress _address = SocketAddressExtensions.CreateEmpty(socket.AddressFamily);

    public bool TryReceive(Span<byte> buffer, out int length, out UdpEndpoint remote)
    {
        (length, remote) = (0, default);
        try
        {
            // Asking for the bytes that wait would overlook an empty datagram, and it would lie there for ever.
            if (!socket.Poll(0, SelectMode.SelectRead)) return false;
            length = socket.ReceiveFrom(buffer, SocketFlags.None, _address);
            remote = _address.ReadEndpoint();
            return true;
        }
        catch (SocketException)
        {
            // An ICMP error of an earlier datagram, or one longer than any of ours: nothing arrived.
            return false;
        }
    }
}
