using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.IO;

/// <summary>Which address of this computer a destination is reached from.</summary>
internal static class LocalAddress
{
    /// <summary>
    /// The address with the port of the bound socket; the socket's own address unless that is the unspecified one.
    /// <see langword="null"/>: there is no way to the destination.
    /// </summary>
    public static UdpEndpoint? Towards(UdpEndpoint destination, UdpEndpoint bound)
    {
        if (!bound.Address.Equals(IPAddress.Any) && !bound.Address.Equals(IPAddress.IPv6Any)) return bound;
        try
        {
            // Connecting a UDP socket sends nothing; it only asks the routing table.
            var family = destination.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            using var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(destination.ToIPEndPoint());
            return UdpEndpoint.From((IPEndPoint)socket.LocalEndPoint!).WithPort(bound.Port);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
