using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>Hashes of blocks that the receiver has: a view over the bytes.</summary>
internal readonly ref struct HaveMessage : IWireFormat<HaveMessage>
{
    //  | entry, 4 | first block, 8 | 1 when no more follow for the entry, 1 | hashes, 32 each |
    public const int HeadBytes = 13;

    public uint Entry { get; init; }

    public ulong FirstBlock { get; init; }

    public bool Last { get; init; }

    public ReadOnlySpan<byte> Hashes { get; init; }

    public int Count => Hashes.Length / TreeLimits.HashBytes;

    public static bool TryRead(ReadOnlySpan<byte> datagram, out HaveMessage packet)
    {
        var reader = new PacketReader(datagram);
        var (entry, first, last) = (reader.ReadUInt32(), reader.ReadUInt64(), reader.ReadByte());
        packet = new HaveMessage { Entry = entry, FirstBlock = first, Last = last == 1, Hashes = reader.Rest };
        return !reader.Failed && last <= 1 && packet.Hashes.Length % TreeLimits.HashBytes == 0
            && packet.Count <= TreeLimits.HashesPerMessage && (last == 1 || packet.Count > 0);
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entry);
        writer.WriteUInt64(FirstBlock);
        writer.WriteByte(Last ? (byte)1 : (byte)0);
        writer.WriteBytes(Hashes);
        return writer.Length;
    }
}
