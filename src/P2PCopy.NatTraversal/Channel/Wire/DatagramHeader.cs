using System.Buffers.Binary;
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

    /// <summary>Whether these bytes begin with a header.</summary>
    public static bool Begins(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= Length && datagram[0] == Magic && datagram[3] == 0 && (datagram[12] & (IndexFlag >> 24)) != 0;

    // Both are done to each datagram of a copy, so fields are read and written where they stand.

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out DatagramHeader packet)
    {
        packet = default;
        if (!Begins(datagram)) return false;
        packet = new DatagramHeader
        {
            Type = (PacketType)datagram[1],
            Epoch = datagram[2],
            Counter = BinaryPrimitives.ReadUInt64BigEndian(datagram[4..]),
            ReceiverIndex = BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        destination = destination[..Length];
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)Magic << 24) | ((uint)Type << 16) | ((uint)Epoch << 8));
        BinaryPrimitives.WriteUInt64BigEndian(destination[4..], Counter);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], ReceiverIndex);
        return Length;
    }
}
