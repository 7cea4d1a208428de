using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>What stands before each message: its type and the length of its body.</summary>
internal readonly record struct MessageHeader(MessageType Type, int Length) : IWireFormat<MessageHeader>
{
    // PROTOCOL TREE-1.
    //  | type, 1 | length of the body, 3 |
    public const int Bytes = 4;

    public static bool TryRead(ReadOnlySpan<byte> datagram, out MessageHeader packet)
    {
        var reader = new PacketReader(datagram);
        var word = reader.ReadUInt32();
        packet = new MessageHeader((MessageType)(word >> 24), (int)(word & 0xFFFFFF));
        return !reader.Failed;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(((uint)Type << 24) | (uint)Length);
        return writer.Length;
    }

    /// <summary>Writes a message whole and returns its length with the header.</summary>
    public static int WriteMessage<T>(Span<byte> destination, MessageType type, scoped in T body) where T : IWireFormat<T>, allows ref struct
    {
        var length = body.Write(destination[Bytes..]);
        new MessageHeader(type, length).Write(destination);
        return Bytes + length;
    }
}
