using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Wire;

/// <summary>
/// A message drop request (control type 7): the sender gave up on packets whose time to live is over. Exists in message mode only;
/// both known implementations name one packet too many at the end.
/// </summary>
internal readonly ref struct MessageDropPacket : IWireFormat<MessageDropPacket>
{
    public const int Length = PacketHeader.Length + 8;

    public uint Destination { get; init; }

    public uint MessageNumber { get; init; }

    public SequenceNumber First { get; init; }

    public SequenceNumber Last { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out MessageDropPacket packet)
    {
        packet = default;
        if (datagram.Length < Length || !PacketHeader.TryRead(datagram, out var header)) return false;
        if (!header.IsControl || header.Type != ControlType.MessageDrop) return false;
        var reader = new PacketReader(datagram[PacketHeader.Length..]);
        packet = new MessageDropPacket
        {
            Destination = header.Destination,
            MessageNumber = header.Second,
            First = new SequenceNumber(reader.ReadUInt32()),
            Last = new SequenceNumber(reader.ReadUInt32()),
        };
        return true;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        PacketHeader.WriteControl(ref writer, ControlType.MessageDrop, MessageNumber, Destination);
        writer.WriteUInt32(First.Value);
        writer.WriteUInt32(Last.Value);
        return writer.Length;
    }
}
