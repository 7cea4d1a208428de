using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>The receiver has finished: the answer to the end.</summary>
internal readonly record struct DoneMessage(uint Entries, uint Failed, uint LeftOut) : IWireFormat<DoneMessage>
{
    //  | entries ended, 4 | of them and of those skipped, failed, 4 | left out by the receiver's rules, 4 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out DoneMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new DoneMessage(reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
        return !reader.Failed && reader.Rest.IsEmpty;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entries);
        writer.WriteUInt32(Failed);
        writer.WriteUInt32(LeftOut);
        return writer.Length;
    }
}
