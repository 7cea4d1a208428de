using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Wire;

/// <summary>A NAT-PMP answer (RFC 6886 §3.2, §3.3, §3.5). One that says no may end after the epoch.</summary>
/// <remarks><code>
/// | 00 | 80 or 81 | result (16) | epoch, seconds (32) |
///   80, to the request for the address:                | outer address (32) |
///   81, to the request for a port:                     | internal port | external port | lifetime, seconds (32) |
/// </code></remarks>
internal readonly ref struct NatPmpAnswer : IWireFormat<NatPmpAnswer>
{
    private const byte AnswerBit = 0x80;
    private const int HeadLength = 8;
    private const int AddressLength = 12;
    private const int MapLength = 16;

    /// <summary>Whether it answers the request for a port.</summary>
    public bool IsMap { get; init; }

    /// <summary>0 when it was granted.</summary>
    public ushort Result { get; init; }

    /// <summary>The router's clock, seconds.</summary>
    public uint Epoch { get; init; }

    /// <summary>The outer address, as a big-endian number.</summary>
    public uint Address { get; init; }

    /// <summary>As in the request.</summary>
    public ushort InsidePort { get; init; }

    /// <summary>What was assigned.</summary>
    public ushort ExternalPort { get; init; }

    /// <summary>Seconds.</summary>
    public uint Lifetime { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out NatPmpAnswer packet)
    {
        packet = default;
        if (datagram.Length < HeadLength || datagram[0] != NatPmpRequest.Version) return false;
        var isMap = datagram[1] == (AnswerBit | NatPmpRequest.MapUdp);
        if (!isMap && datagram[1] != (AnswerBit | NatPmpRequest.Address)) return false;
        var reader = new PacketReader(datagram[2..]);
        var (result, epoch) = (reader.ReadUInt16(), reader.ReadUInt32());
        if (result == 0 && datagram.Length < (isMap ? MapLength : AddressLength)) return false;
        packet = isMap
            ? new NatPmpAnswer { IsMap = true, Result = result, Epoch = epoch, InsidePort = reader.ReadUInt16(), ExternalPort = reader.ReadUInt16(), Lifetime = reader.ReadUInt32() }
            : new NatPmpAnswer { Result = result, Epoch = epoch, Address = reader.ReadUInt32() };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte(NatPmpRequest.Version);
        writer.WriteByte((byte)(AnswerBit | (IsMap ? NatPmpRequest.MapUdp : NatPmpRequest.Address)));
        writer.WriteUInt16(Result);
        writer.WriteUInt32(Epoch);
        if (!IsMap)
        {
            writer.WriteUInt32(Address);
            return writer.Length;
        }

        writer.WriteUInt16(InsidePort);
        writer.WriteUInt16(ExternalPort);
        writer.WriteUInt32(Lifetime);
        return writer.Length;
    }
}
