using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>The receiver wants no more of an entry.</summary>
internal readonly record struct DropMessage(uint Entry) : IWireFormat<DropMessage>
{
    //  | entry, 4 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out DropMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new DropMessage(reader.ReadUInt32());
        return !reader.Failed && reader.Rest.IsEmpty;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entry);
        return writer.Length;
    }
}
