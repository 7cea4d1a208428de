using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Wire;

/// <summary>A PCP request for a port, MAP (RFC 6887 §7.1, §11.1).</summary>
/// <remarks><code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-+-------------+-------------------------------+
/// |  version = 2  |0| opcode = 1  |               0               |
/// +---------------+-+-------------+-------------------------------+
/// |                 lifetime asked for, seconds                   |
/// +---------------------------------------------------------------+
/// |                client's address, four words                   |
/// +---------------------------------------------------------------+
/// |                     nonce, three words                        |
/// +---------------+-----------------------------------------------+
/// | protocol = 17 |                       0                       |
/// +---------------+---------------+-------------------------------+
/// |         internal port         |    external port suggested    |
/// +-------------------------------+-------------------------------+
/// |          external address suggested, four words               |
/// +---------------------------------------------------------------+
/// </code></remarks>
internal readonly ref struct PcpRequest : IWireFormat<PcpRequest>
{
    /// <summary>The version that is spoken.</summary>
    public const byte Version = 2;

    /// <summary>The UDP port of PCP and NAT-PMP servers.</summary>
    public const ushort ServerPort = 5351;

    /// <summary>Bytes of the nonce.</summary>
    public const int NonceLength = 12;

    /// <summary>IANA's number of UDP.</summary>
    public const byte Udp = 17;

    /// <summary>Bytes of a request or answer.</summary>
    public const int Length = 60;

    /// <summary>MAP.</summary>
    public const byte Map = 1;

    /// <summary>Seconds; 0 takes the mapping back.</summary>
    public uint Lifetime { get; init; }

    /// <summary>The address of this computer; its port is the internal one.</summary>
    public required UdpEndpoint Inside { get; init; }

    /// <summary>Who renews or takes back must know it.</summary>
    public ReadOnlySpan<byte> Nonce { get; init; }

    /// <summary>What would be liked; 0.0.0.0 and 0 for anything.</summary>
    public UdpEndpoint Suggested { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out PcpRequest packet)
    {
        packet = default;
        if (datagram.Length < Length || datagram[0] != Version || datagram[1] != Map) return false;
        var reader = new PacketReader(datagram[4..]);
        var lifetime = reader.ReadUInt32();
        var (high, low) = (reader.ReadUInt64(), reader.ReadUInt64());
        var nonce = reader.ReadBytes(NonceLength);
        var protocol = reader.ReadByte();
        reader.ReadBytes(3);
        var (inside, outside) = (reader.ReadUInt16(), reader.ReadUInt16());
        packet = new PcpRequest
        {
            Lifetime = lifetime,
            Inside = UdpEndpoint.FromIPv6(high, low, inside),
            Nonce = nonce,
            Suggested = UdpEndpoint.FromIPv6(reader.ReadUInt64(), reader.ReadUInt64(), outside),
        };
        return protocol == Udp;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte(Version);
        writer.WriteByte(Map);
        writer.WriteUInt16(0);
        writer.WriteUInt32(Lifetime);
        writer.WriteUInt64(Inside.HighBits);
        writer.WriteUInt64(Inside.LowBits);
        writer.WriteBytes(Nonce);
        writer.WriteUInt32((uint)Udp << 24);
        writer.WriteUInt16(Inside.Port);
        writer.WriteUInt16(Suggested.Port);
        writer.WriteUInt64(Suggested.HighBits);
        writer.WriteUInt64(Suggested.LowBits);
        return writer.Length;
    }
}
