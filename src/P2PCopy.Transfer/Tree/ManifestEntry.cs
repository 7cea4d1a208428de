using System.Text;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree;

/// <summary>Entries to the records of the wire and back.</summary>
internal static class ManifestEntry
{
    public static TreeEntry FromRecord(int index, in EntryRecord record) => new()
    {
        Index = index,
        Depth = record.Depth,
        Kind = record.Kind,
        Name = Encoding.UTF8.GetString(record.Name),
        Size = (long)record.Size,
        ModifiedNanoseconds = record.ModifiedNanoseconds,
        Executable = (record.Flags & EntryRecord.ExecutableFlag) != 0,
        Sparse = (record.Flags & EntryRecord.SparseFlag) != 0,
        LinkTarget = record.Kind == EntryKind.Link ? Encoding.UTF8.GetString(record.LinkTarget) : null,
    };

    /// <summary>Writes an entry as a record; false when it does not fit into one.</summary>
    public static bool TryWrite(TreeEntry entry, Span<byte> destination, out int written)
    {
        written = 0;
        if (!IsText(entry.Name, TreeLimits.NameBytes) || entry.Depth is < 0 or > TreeLimits.Depth) return false;
        if (entry.Kind == EntryKind.Link && !IsText(entry.LinkTarget, TreeLimits.LinkTargetBytes)) return false;
        var flags = (entry.Executable ? EntryRecord.ExecutableFlag : 0) | (entry.Sparse ? EntryRecord.SparseFlag : 0);
        written = new EntryRecord
        {
            Depth = (byte)entry.Depth,
            Kind = entry.Kind,
            Flags = (byte)flags,
            ModifiedNanoseconds = entry.ModifiedNanoseconds,
            Size = (ulong)entry.Size,
            Name = Encoding.UTF8.GetBytes(entry.Name),
            LinkTarget = entry.Kind == EntryKind.Link ? Encoding.UTF8.GetBytes(entry.LinkTarget!) : default,
        }.Write(destination);
        return true;
    }

    private static bool IsText(string? text, int limit)
    {
        if (string.IsNullOrEmpty(text) || Encoding.UTF8.GetByteCount(text) > limit) return false;
        for (var i = 0; i < text.Length; i++)
        {
            // A half of a surrogate pair has no bytes in UTF-8.
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(text[i])) return false;
        }

        return true;
    }
}
