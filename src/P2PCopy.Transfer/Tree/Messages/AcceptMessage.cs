using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>The receiver takes the manifest, and says how far it may be ahead.</summary>
internal readonly record struct AcceptMessage(uint WindowBytes, uint WindowEntries) : IWireFormat<AcceptMessage>
{
    //  | window in bytes, 4 | window in entries, 4 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out AcceptMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new AcceptMessage(reader.ReadUInt32(), reader.ReadUInt32());
        return !reader.Failed && reader.Rest.IsEmpty && packet.WindowBytes >= TreeLimits.BlockBytes && packet.WindowEntries > 0;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(WindowBytes);
        writer.WriteUInt32(WindowEntries);
        return writer.Length;
    }
}
