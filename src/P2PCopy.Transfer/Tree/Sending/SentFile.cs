namespace P2PCopy.Transfer.Tree.Sending;

/// <summary>A file between the disk and the network.</summary>
internal sealed class SentFile(TreeEntry entry, bool compares)
{
    public int Index { get; } = entry.Index;

    public bool IsStream { get; } = entry.Kind == EntryKind.Stream;

    public long Size { get; } = entry.Size;

    public bool Sparse { get; } = entry.Sparse && entry.Kind == EntryKind.File;

    /// <summary>Whether the receiver tells hashes of its blocks.</summary>
    public bool Compares { get; } = compares;

    public string Name { get; } = entry.Name;

    /// <summary>How far the source has been asked.</summary>
    public long Asked { get; set; }

    /// <summary>How far the receiver has been told.</summary>
    public long Sent { get; set; }

    /// <summary>Other than <see cref="EntryStatus.Whole"/> as soon as no more of it is sent.</summary>
    public EntryStatus Status { get; set; }

    /// <summary>Whether a stream has come to its end.</summary>
    public bool Ended { get; set; }

    /// <summary>The stretch that <see cref="Asked"/> lies in, for a sparse file; behind it when it is not known.</summary>
    public SourceExtent Extent { get; set; }

    /// <summary>The first reason not to send more of it stays.</summary>
    public void Fail(EntryStatus status)
    {
        if (Status == EntryStatus.Whole) Status = status;
    }
}

/// <summary>What will be said about a stretch of a file, in the order of the wire.</summary>
internal sealed class SentItem(SentFile file, SentItemKind kind, long offset, long length, int slot = -1)
{
    public SentFile File { get; } = file;

    public SentItemKind Kind { get; } = kind;

    public long Offset { get; private set; } = offset;

    public long Length { get; set; } = length;

    public int Slot { get; } = slot;

    /// <summary>The receiver's hash of these bytes, if it has any.</summary>
    public byte[]? TheirHash { get; init; }

    public bool Ready { get; set; } = kind is SentItemKind.Hole or SentItemKind.Straight;

    public bool Same { get; set; }

    public byte[]? Digest { get; set; }

    /// <summary>The first bytes of the stretch are told.</summary>
    public void Pass(long count) => (Offset, Length) = (Offset + count, Length - count);
}

internal enum SentItemKind
{
    /// <summary>Bytes that are read ahead, into a slot.</summary>
    Data,

    /// <summary>Bytes that are read where they are sent from, part by part.</summary>
    Straight,

    Hole,
    Close,
}
