using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Wire;

/// <summary>A PCP answer to MAP (RFC 6887 §7.2, §11.1). It repeats what was asked, also when it says no.</summary>
/// <remarks><code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-+-------------+---------------+---------------+
/// |  version = 2  |1| opcode = 1  |       0       |    result     |
/// +---------------+-+-------------+---------------+---------------+
/// |       lifetime, seconds: of the mapping, or of the error      |
/// +---------------------------------------------------------------+
/// |      epoch: seconds since the router began to remember        |
/// +---------------------------------------------------------------+
/// |                       0, three words                          |
/// +---------------------------------------------------------------+
/// |            as in the request, with what was assigned          |
/// </code></remarks>
internal readonly ref struct PcpAnswer : IWireFormat<PcpAnswer>
{
    private const byte AnswerBit = 0x80;
    private const int Longest = 1100;

    /// <summary>What it says.</summary>
    public PcpResult Result { get; init; }

    /// <summary>Seconds.</summary>
    public uint Lifetime { get; init; }

    /// <summary>The router's clock, seconds.</summary>
    public uint Epoch { get; init; }

    /// <summary>As in the request.</summary>
    public ReadOnlySpan<byte> Nonce { get; init; }

    /// <summary>As in the request.</summary>
    public byte Protocol { get; init; }

    /// <summary>As in the request.</summary>
    public ushort InsidePort { get; init; }

    /// <summary>What was assigned.</summary>
    public UdpEndpoint External { get; init; }

    /// <summary>
    /// Whether it says that PCP version 2 is not spoken there. Such an answer has the form of the version that is: eight bytes of
    /// NAT-PMP (RFC 6886 §3.5), or PCP's with another number (RFC 6887 §9).
    /// </summary>
    public static bool IsOtherVersion(ReadOnlySpan<byte> datagram) =>
        datagram.Length is >= 8 and <= Longest && datagram[2] == 0 && datagram[3] == (byte)PcpResult.UnsupportedVersion
        && (datagram[0] == 0 || (datagram[1] & AnswerBit) != 0);

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out PcpAnswer packet)
    {
        packet = default;
        if (datagram.Length is < PcpRequest.Length or > Longest || datagram.Length % 4 != 0) return false;
        if (datagram[0] != PcpRequest.Version || datagram[1] != (AnswerBit | PcpRequest.Map)) return false;
        var reader = new PacketReader(datagram[3..]);
        var result = (PcpResult)reader.ReadByte();
        var (lifetime, epoch) = (reader.ReadUInt32(), reader.ReadUInt32());
        reader.ReadBytes(12);
        var nonce = reader.ReadBytes(PcpRequest.NonceLength);
        var protocol = reader.ReadByte();
        reader.ReadBytes(3);
        var (inside, outside) = (reader.ReadUInt16(), reader.ReadUInt16());
        packet = new PcpAnswer
        {
            Result = result,
            Lifetime = lifetime,
            Epoch = epoch,
            Nonce = nonce,
            Protocol = protocol,
            InsidePort = inside,
            External = UdpEndpoint.FromIPv6(reader.ReadUInt64(), reader.ReadUInt64(), outside),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte(PcpRequest.Version);
        writer.WriteByte(AnswerBit | PcpRequest.Map);
        writer.WriteByte(0);
        writer.WriteByte((byte)Result);
        writer.WriteUInt32(Lifetime);
        writer.WriteUInt32(Epoch);
        writer.WriteUInt64(0);
        writer.WriteUInt32(0);
        writer.WriteBytes(Nonce);
        writer.WriteUInt32((uint)Protocol << 24);
        writer.WriteUInt16(InsidePort);
        writer.WriteUInt16(External.Port);
        writer.WriteUInt64(External.HighBits);
        writer.WriteUInt64(External.LowBits);
        return writer.Length;
    }
}
