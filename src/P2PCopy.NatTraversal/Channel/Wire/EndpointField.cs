using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>An address and port as a field of 19 bytes: the family (4 or 6), an IPv6 address (mapped if it is IPv4), the port.</summary>
internal static class EndpointField
{
    /// <summary>Bytes of the field.</summary>
    public const int Length = 19;

    /// <summary>Reads the field; <see langword="false"/> when the family is another, or is not that of the address.</summary>
    public static bool TryRead(ref PacketReader reader, out UdpEndpoint endpoint)
    {
        var family = reader.ReadByte();
        var high = reader.ReadUInt64();
        var low = reader.ReadUInt64();
        endpoint = UdpEndpoint.FromIPv6(high, low, reader.ReadUInt16());
        return !reader.Failed && family == Family(endpoint);
    }

    /// <summary>Writes the field; the scope of a link-local address means nothing to others and is left out.</summary>
    public static void Write(ref PacketWriter writer, UdpEndpoint endpoint)
    {
        writer.WriteByte(Family(endpoint));
        writer.WriteUInt64(endpoint.HighBits);
        writer.WriteUInt64(endpoint.LowBits);
        writer.WriteUInt16(endpoint.Port);
    }

    private static byte Family(UdpEndpoint endpoint) => (byte)(endpoint.IsIPv4 ? 4 : 6);
}
