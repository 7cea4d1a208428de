using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>Blocks that the receiver has already.</summary>
internal readonly record struct SameMessage(uint Entry, ulong FirstBlock, ulong Count) : IWireFormat<SameMessage>
{
    //  | entry, 4 | first block, 8 | blocks, 8 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out SameMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new SameMessage(reader.ReadUInt32(), reader.ReadUInt64(), reader.ReadUInt64());
        return !reader.Failed && reader.Rest.IsEmpty;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entry);
        writer.WriteUInt64(FirstBlock);
        writer.WriteUInt64(Count);
        return writer.Length;
    }
}
