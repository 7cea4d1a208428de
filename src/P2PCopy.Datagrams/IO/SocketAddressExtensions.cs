using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace P2PCopy.Datagrams.IO;

/// <summary>
/// <see cref="UdpEndpoint"/> to and from <see cref="SocketAddress"/> without allocation. The layout is the operating system's
/// sockaddr_in and sockaddr_in6: family, port, then address; alike everywhere but for the family, which is left as it was made.
/// </summary>
internal static class SocketAddressExtensions
{
    /// <summary>A socket address of the family with everything but the family zero, to be overwritten.</summary>
    public static SocketAddress CreateEmpty(AddressFamily family) =>
        new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0).Serialize();

    /// <summary>Reads the endpoint that a receive call left in the socket address.</summary>
    public static UdpEndpoint ReadEndpoint(this SocketAddress address) => ReadEndpoint(address.Buffer.Span, address.Family);

    /// <summary>Reads the endpoint out of the system's own structure.</summary>
    public static UdpEndpoint ReadEndpoint(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return family == AddressFamily.InterNetwork
            ? UdpEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : UdpEndpoint.FromIPv6(
                BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
                BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
                port,
                BitConverter.ToUInt32(bytes[24..]));
    }

    /// <summary>Overwrites address and port. <see langword="false"/>: the family cannot carry this destination.</summary>
    public static bool TryWriteEndpoint(this SocketAddress address, UdpEndpoint endpoint)
    {
        var bytes = address.Buffer.Span;
        if (address.Family == AddressFamily.InterNetwork)
        {
            if (!endpoint.IsIPv4) return false;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], endpoint.IPv4Bits);
            return true;
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], endpoint.HighBits);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], endpoint.LowBits);
        BitConverter.TryWriteBytes(bytes[24..], endpoint.ScopeId);
        return true;
    }
}
