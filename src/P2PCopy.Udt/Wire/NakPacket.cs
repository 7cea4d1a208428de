using System.Buffers.Binary;
using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Wire;

/// <summary>
/// A loss report (control type 3): a list of words. A lost packet is one word; a range is two, the first with its top bit set,
/// the last inclusive.
/// </summary>
internal readonly ref struct NakPacket : IWireFormat<NakPacket>
{
    private const uint RangeBit = 0x8000_0000;

    public uint Destination { get; init; }

    /// <summary>The list as it stands on the wire: a whole number of words, at least one, that do not end within a range.</summary>
    public ReadOnlySpan<byte> List { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out NakPacket packet)
    {
        packet = default;
        if (!PacketHeader.TryRead(datagram, out var header) || !header.IsControl || header.Type != ControlType.Nak) return false;
        var list = datagram[PacketHeader.Length..];
        // PROTOCOL UDT-17.
        if (list.IsEmpty || list.Length % 4 != 0) return false;
        for (var at = 0; at < list.Length; at += 4)
        {
            if ((BinaryPrimitives.ReadUInt32BigEndian(list[at..]) & RangeBit) == 0) continue;
            at += 4;
            if (at >= list.Length || (BinaryPrimitives.ReadUInt32BigEndian(list[at..]) & RangeBit) != 0) return false;
        }

        packet = new NakPacket { Destination = header.Destination, List = list };
        return true;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        PacketHeader.WriteControl(ref writer, ControlType.Nak, 0, Destination);
        writer.WriteBytes(List);
        return writer.Length;
    }

    /// <summary>Takes the next entry off the list.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> list, out SequenceNumber first, out SequenceNumber last)
    {
        first = last = default;
        if (list.IsEmpty) return false;
        var word = BinaryPrimitives.ReadUInt32BigEndian(list);
        first = last = new SequenceNumber(word);
        list = list[4..];
        if ((word & RangeBit) == 0) return true;
        last = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(list));
        list = list[4..];
        return true;
    }

    /// <summary>Puts an entry into a list; returns its bytes, 0 when there is no room.</summary>
    public static int Append(Span<byte> room, SequenceNumber first, SequenceNumber last)
    {
        var length = first == last ? 4 : 8;
        if (room.Length < length) return 0;
        BinaryPrimitives.WriteUInt32BigEndian(room, first.Value | (first == last ? 0 : RangeBit));
        if (first != last) BinaryPrimitives.WriteUInt32BigEndian(room[4..], last.Value);
        return length;
    }
}
