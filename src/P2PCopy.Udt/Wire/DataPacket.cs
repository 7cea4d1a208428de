using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Wire;

/// <summary>A data packet (draft-gg-udt-03 §2): a view over the datagram.</summary>
/// <remarks><code>
///  |0|              sequence number (31)             |
///  |FF|O|             message number (29)            |
///  |                    timestamp, µs                |
///  |               destination socket id             |
/// </code></remarks>
internal readonly ref struct DataPacket : IWireFormat<DataPacket>
{
    public SequenceNumber Sequence { get; init; }

    /// <summary>Boundary, order bit and message number.</summary>
    public MessageWord Message { get; init; }

    /// <summary>Microseconds since the sender's socket was opened, wrapping; nobody reads it.</summary>
    public uint Timestamp { get; init; }

    public uint Destination { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out DataPacket packet)
    {
        packet = default;
        if (!PacketHeader.TryRead(datagram, out var header) || header.IsControl) return false;
        var reader = new PacketReader(datagram[8..]);
        packet = new DataPacket
        {
            Sequence = header.Sequence,
            Message = new MessageWord(header.Second),
            Timestamp = reader.ReadUInt32(),
            Destination = header.Destination,
            Payload = datagram[PacketHeader.Length..],
        };
        return true;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Sequence.Value);
        writer.WriteUInt32(Message.Bits);
        writer.WriteUInt32(Timestamp);
        writer.WriteUInt32(Destination);
        writer.WriteBytes(Payload);
        return writer.Length;
    }
}
