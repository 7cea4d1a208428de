using System.Net;
using System.Net.Sockets;

namespace P2PCopy.Datagrams.IO.Sending;

/// <summary>The portable sender: one system call for a datagram.</summary>
internal sealed class SocketSender(Socket socket) : IDatagramSender
{
    private readonly SocketAddress _address = SocketAddressExtensions.CreateEmpty(socket.AddressFamily);

    public int Send(ReadOnlySpan<byte> train, int datagramBytes, UdpEndpoint destination)
    {
        var refused = 0;
        var reachable = _address.TryWriteEndpoint(destination);
        for (var rest = train; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, datagramBytes)..])
            if (!reachable || !Send(rest[..Math.Min(rest.Length, datagramBytes)])) refused++;
        return refused;
    }

    private bool Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            socket.SendTo(datagram, SocketFlags.None, _address);
            return true;
        }
        catch (SocketException)
        {
            // No route, interface down, forbidden by the local firewall: for UDP that is a lost datagram, never the end.
            return false;
        }
    }
}
