using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>Zeros that need not travel.</summary>
internal readonly record struct HoleMessage(uint Entry, ulong Offset, ulong Length) : IWireFormat<HoleMessage>
{
    //  | entry, 4 | offset, 8 | bytes, 8 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out HoleMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new HoleMessage(reader.ReadUInt32(), reader.ReadUInt64(), reader.ReadUInt64());
        return !reader.Failed && reader.Rest.IsEmpty;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entry);
        writer.WriteUInt64(Offset);
        writer.WriteUInt64(Length);
        return writer.Length;
    }
}
