using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>The receiver tells why it did not take an entry.</summary>
internal readonly record struct NoteMessage(uint Entry, EntryReason Reason) : IWireFormat<NoteMessage>
{
    //  | entry, 4 | reason, 1 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out NoteMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new NoteMessage(reader.ReadUInt32(), (EntryReason)reader.ReadByte());
        return !reader.Failed && reader.Rest.IsEmpty && packet.Reason <= EntryReason.ChangedThere;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entry);
        writer.WriteByte((byte)Reason);
        return writer.Length;
    }
}
