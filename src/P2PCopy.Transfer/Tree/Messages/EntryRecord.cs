using System.Text.Unicode;
using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>One entry of a manifest page: a view over the bytes.</summary>
internal readonly ref struct EntryRecord : IWireFormat<EntryRecord>
{
    //  | depth, 1 | kind, 1 | flags, 1 | mtime in ns, signed, 8 | size, 8; files and texts only | length, 1 | name |
    //  | length, 2 | target |, links only
    public const byte ExecutableFlag = 1;
    public const byte SparseFlag = 2;

    /// <summary>The longest that one can be.</summary>
    public const int MostBytes = 1 + 1 + 1 + 8 + 8 + 1 + TreeLimits.NameBytes + 2 + TreeLimits.LinkTargetBytes;

    public byte Depth { get; init; }

    public EntryKind Kind { get; init; }

    public byte Flags { get; init; }

    public long ModifiedNanoseconds { get; init; }

    public ulong Size { get; init; }

    public ReadOnlySpan<byte> Name { get; init; }

    public ReadOnlySpan<byte> LinkTarget { get; init; }

    /// <summary>Bytes on the wire.</summary>
    public int Length => 12 + Name.Length + (HasSize(Kind) ? 8 : Kind == EntryKind.Link ? 2 + LinkTarget.Length : 0);

    /// <summary>Reads the record that the bytes begin with; <see cref="Length"/> tells where the next one begins.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out EntryRecord packet)
    {
        var reader = new PacketReader(datagram);
        var (depth, kind, flags) = (reader.ReadByte(), (EntryKind)reader.ReadByte(), reader.ReadByte());
        packet = new EntryRecord
        {
            Depth = depth,
            Kind = kind,
            Flags = flags,
            ModifiedNanoseconds = (long)reader.ReadUInt64(),
            Size = HasSize(kind) ? reader.ReadUInt64() : 0,
            Name = reader.ReadBytes(reader.ReadByte()),
            LinkTarget = kind == EntryKind.Link ? reader.ReadBytes(reader.ReadUInt16()) : default,
        };

        // PROTOCOL TREE-7.
        return !reader.Failed && kind <= EntryKind.Text && depth <= TreeLimits.Depth && packet.Size <= (kind == EntryKind.Text ? TreeLimits.TextBytes : (ulong)long.MaxValue)
            && flags <= (ExecutableFlag | SparseFlag) && IsText(packet.Name, TreeLimits.NameBytes)
            && (kind != EntryKind.Link || IsText(packet.LinkTarget, TreeLimits.LinkTargetBytes));
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte(Depth);
        writer.WriteByte((byte)Kind);
        writer.WriteByte(Flags);
        writer.WriteUInt64((ulong)ModifiedNanoseconds);
        if (HasSize(Kind)) writer.WriteUInt64(Size);
        writer.WriteByte((byte)Name.Length);
        writer.WriteBytes(Name);
        if (Kind != EntryKind.Link) return writer.Length;
        writer.WriteUInt16((ushort)LinkTarget.Length);
        writer.WriteBytes(LinkTarget);
        return writer.Length;
    }

    private static bool HasSize(EntryKind kind) => kind is EntryKind.File or EntryKind.Text;

    private static bool IsText(ReadOnlySpan<byte> text, int limit) => text.Length > 0 && text.Length <= limit && Utf8.IsValid(text);
}
