using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>What stands before the bytes of a chunk.</summary>
internal readonly record struct ChunkHead(uint Entry, ulong Offset) : IWireFormat<ChunkHead>
{
    public const int Bytes = 12;

    //  | entry, 4 | offset, 8 | the bytes |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ChunkHead packet)
    {
        var reader = new PacketReader(datagram);
        packet = new ChunkHead(reader.ReadUInt32(), reader.ReadUInt64());
        return !reader.Failed && reader.Rest.IsEmpty;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entry);
        writer.WriteUInt64(Offset);
        return writer.Length;
    }
}
