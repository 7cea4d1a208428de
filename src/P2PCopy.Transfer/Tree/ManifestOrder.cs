namespace P2PCopy.Transfer.Tree;

/// <summary>Holds the entries of a manifest against their order and against what was offered. Used by both sides alike.</summary>
internal struct ManifestOrder
{
    private int _deepest;
    private int _files;
    private long _bytes;

    /// <summary>Entries so far.</summary>
    public int Entries { get; private set; }

    /// <summary>Takes the next entry; false when it lies in no folder, or is more than was offered.</summary>
    public bool TryTake(TreeSummary offer, int depth, EntryKind kind, long size)
    {
        // PROTOCOL TREE-6, TREE-8.
        if (depth > _deepest || depth > TreeLimits.Depth || size < 0 || size > offer.TotalBytes - _bytes || Entries == offer.Entries) return false;
        _bytes += size;
        if (kind is EntryKind.File or EntryKind.Stream or EntryKind.Text && ++_files > offer.Files) return false;
        _deepest = kind == EntryKind.Folder ? depth + 1 : depth;
        Entries++;
        return true;
    }

    /// <summary>Whether everything that was offered has come, neither more nor less.</summary>
    public readonly bool Fulfils(TreeSummary offer) => Entries == offer.Entries && _files == offer.Files && _bytes == offer.TotalBytes;
}
