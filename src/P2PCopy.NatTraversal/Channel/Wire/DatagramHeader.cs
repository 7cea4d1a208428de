using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>The 16 bytes in front of every datagram of the sealed protocol; all of them are authenticated.</summary>
internal readonly ref struct DatagramHeader : IWireFormat<DatagramHeader>
{
    //  |     d5     |    type    | key epoch  |     0      |
    //  |   packet counter, or attempt id of a handshake    |
    //  |                                        (64)       |
    //  |1|            receiver index (31)                  |

    /// <summary>Bytes of a header.</summary>
    public const int Length = 16;

    /// <summary>First byte of every datagram.</summary>
    public const byte Magic = 0xd5;

    /// <summary>
    /// The top bit of every receiver index. UDT 4 reads these bytes as a destination socket id, and ids with this bit fall through its
    /// dispatch; so a peer that runs the original program drops our probes in silence.
    /// </summary>
    public const uint IndexFlag = 0x8000_0000;

    /// <summary>What the datagram is.</summary>
    public required PacketType Type { get; init; }

    /// <summary>Which keys seal it; 0 in handshakes.</summary>
    public byte Epoch { get; init; }

    /// <summary>Packet counter of the epoch and direction, or the random attempt id of a handshake.</summary>
    public required ulong Counter { get; init; }

    /// <summary>Whose session it is for, as its receiver chose; <see cref="IndexFlag"/> is set.</summary>
    public required uint ReceiverIndex { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out DatagramHeader packet)
    {
        packet = default;
        if (datagram.Length < Length || datagram[0] != Magic || datagram[3] != 0) return false;
        var reader = new PacketReader(datagram[4..]);
        var header = new DatagramHeader
        {
            Type = (PacketType)datagram[1],
            Epoch = datagram[2],
            Counter = reader.ReadUInt64(),
            ReceiverIndex = reader.ReadUInt32(),
        };
        if ((header.ReceiverIndex & IndexFlag) == 0) return false;
        packet = header;
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte(Magic);
        writer.WriteByte((byte)Type);
        writer.WriteByte(Epoch);
        writer.WriteByte(0);
        writer.WriteUInt64(Counter);
        writer.WriteUInt32(ReceiverIndex);
        return writer.Length;
    }
}
