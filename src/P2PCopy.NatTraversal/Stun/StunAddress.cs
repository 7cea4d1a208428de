using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>The address attributes, plain and hidden by XOR (RFC 8489 §14.1, §14.2).</summary>
internal static class StunAddress
{
    //  |0000 0000|  family  |        port         |      family 1: IPv4, 2: IPv6
    //  |        address, 32 or 128 bits           |
    private const byte IPv4Family = 1;
    private const byte IPv6Family = 2;
    private const int IPv4Bytes = 8;
    private const int IPv6Bytes = 20;

    /// <summary>Reads the value of an address attribute.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out UdpEndpoint endpoint) => TryRead(value, 0, 0, 0, out endpoint);

    /// <summary>Reads an address hidden by the magic cookie and, for IPv6, the transaction id.</summary>
    public static bool TryReadXored(ReadOnlySpan<byte> value, TransactionId id, out UdpEndpoint endpoint) =>
        TryRead(value, StunMessage.MagicCookie, id.High, id.Low, out endpoint);

    /// <summary>Writes the value of an address attribute.</summary>
    public static void Write(ref PacketWriter writer, UdpEndpoint endpoint) => Write(ref writer, endpoint, 0, 0, 0);

    /// <summary>Writes an address hidden by the magic cookie and, for IPv6, the transaction id.</summary>
    public static void WriteXored(ref PacketWriter writer, UdpEndpoint endpoint, TransactionId id) =>
        Write(ref writer, endpoint, StunMessage.MagicCookie, id.High, id.Low);

    /// <summary>Bytes of the value.</summary>
    public static int Length(UdpEndpoint endpoint) => endpoint.IsIPv4 ? IPv4Bytes : IPv6Bytes;

    /// <summary>
    /// Whether an address can be that of a host as somebody else sees it: not unspecified, loopback, multicast, broadcast or
    /// without a port. Between two programs on one machine loopback is the truth, so a server on loopback may report it.
    /// </summary>
    public static bool IsPlausible(UdpEndpoint endpoint, UdpEndpoint reportedBy)
    {
        // PROTOCOL STUN-5.
        if (endpoint.Port == 0) return false;
        if (IsLoopback(endpoint)) return IsLoopback(reportedBy);
        if (endpoint.IsIPv4) return endpoint.IPv4Bits >> 24 is not 0 and not (>= 224 and <= 239) && endpoint.IPv4Bits != uint.MaxValue;
        return endpoint.HighBits >> 56 != 0xff && (endpoint.HighBits != 0 || endpoint.LowBits != 0);
    }

    private static bool IsLoopback(UdpEndpoint endpoint) =>
        endpoint.IsIPv4 ? endpoint.IPv4Bits >> 24 == 127 : endpoint.HighBits == 0 && endpoint.LowBits == 1;

    private static bool TryRead(ReadOnlySpan<byte> value, uint cookie, ulong idHigh, uint idLow, out UdpEndpoint endpoint)
    {
        var reader = new PacketReader(value);
        reader.ReadByte();
        var family = reader.ReadByte();
        var port = (ushort)(reader.ReadUInt16() ^ (cookie >> 16));
        if (family == IPv4Family && value.Length == IPv4Bytes)
        {
            endpoint = UdpEndpoint.FromIPv4(reader.ReadUInt32() ^ cookie, port);
            return true;
        }

        if (family == IPv6Family && value.Length == IPv6Bytes)
        {
            var high = reader.ReadUInt64() ^ (((ulong)cookie << 32) | (idHigh >> 32));
            endpoint = UdpEndpoint.FromIPv6(high, reader.ReadUInt64() ^ ((idHigh << 32) | idLow), port);
            return true;
        }

        endpoint = default;
        return false;
    }

    private static void Write(ref PacketWriter writer, UdpEndpoint endpoint, uint cookie, ulong idHigh, uint idLow)
    {
        writer.WriteByte(0);
        writer.WriteByte(endpoint.IsIPv4 ? IPv4Family : IPv6Family);
        writer.WriteUInt16((ushort)(endpoint.Port ^ (cookie >> 16)));
        if (endpoint.IsIPv4)
        {
            writer.WriteUInt32(endpoint.IPv4Bits ^ cookie);
            return;
        }

        writer.WriteUInt64(endpoint.HighBits ^ (((ulong)cookie << 32) | (idHigh >> 32)));
        writer.WriteUInt64(endpoint.LowBits ^ ((idHigh << 32) | idLow));
    }
}
