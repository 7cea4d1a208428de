using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>The sender has sent everything.</summary>
internal readonly record struct EndMessage(uint Entries, ulong ChunkBytes) : IWireFormat<EndMessage>
{
    //  | entries ended, 4 | bytes of chunks, 8 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out EndMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new EndMessage(reader.ReadUInt32(), reader.ReadUInt64());
        return !reader.Failed && reader.Rest.IsEmpty;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entries);
        writer.WriteUInt64(ChunkBytes);
        return writer.Length;
    }
}
