using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>How far the receiver is, counted from the beginning of the session.</summary>
internal readonly record struct WrittenMessage(ulong Taken, ulong Settled, uint Entries) : IWireFormat<WrittenMessage>
{
    //  | bytes of chunks taken, 8 | bytes verified and written, 8 | entries ended, 4 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out WrittenMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new WrittenMessage(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt32());
        return !reader.Failed && reader.Rest.IsEmpty;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt64(Taken);
        writer.WriteUInt64(Settled);
        writer.WriteUInt32(Entries);
        return writer.Length;
    }
}
