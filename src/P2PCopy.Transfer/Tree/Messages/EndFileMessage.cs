using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>The content of an entry is over: a view over the bytes.</summary>
internal readonly ref struct EndFileMessage : IWireFormat<EndFileMessage>
{
    //  | entry, 4 | status, 1 | bytes that were covered, 8 | SHA-256 of the whole, 32, or nothing |
    public uint Entry { get; init; }

    public EntryStatus Status { get; init; }

    public ulong Size { get; init; }

    public ReadOnlySpan<byte> Digest { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out EndFileMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new EndFileMessage
        {
            Entry = reader.ReadUInt32(),
            Status = (EntryStatus)reader.ReadByte(),
            Size = reader.ReadUInt64(),
            Digest = reader.Rest,
        };
        return !reader.Failed && packet.Status <= EntryStatus.Dropped && (packet.Digest.Length is 0 or TreeLimits.HashBytes);
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entry);
        writer.WriteByte((byte)Status);
        writer.WriteUInt64(Size);
        writer.WriteBytes(Digest);
        return writer.Length;
    }
}
