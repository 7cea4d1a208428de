namespace P2PCopy.Transfer.Tree.Sending;

/// <summary>
/// What is sent: the answers that the sending session needs, in the disk's words. A pump asks it what the session says.
/// None of the calls throws for what a disk does.
/// </summary>
/// <remarks>Files are read in order, each from its beginning to its end, several at the same time; a peer never names one.</remarks>
internal interface ISourceTree
{
    TreeSummary Summary { get; }

    /// <summary>The manifest from its beginning; the same each time, with the entries that the summary counts.</summary>
    IEnumerable<TreeEntry> List();

    /// <summary>What lies at an offset below the size of a sparse file: data or a hole, and up to where.</summary>
    SourceExtent Map(int index, long offset);

    /// <summary>Reads bytes at an offset. Fewer than asked for means that the file ends there.</summary>
    SourceRead Read(int index, long offset, Span<byte> destination);

    /// <summary>Closes the file after the last read and tells whether it is still what the manifest says.</summary>
    EntryStatus Close(int index);
}

/// <summary>A stretch of a sparse file.</summary>
/// <param name="End">The offset behind it, beyond the offset that was asked about.</param>
/// <param name="IsHole">Whether it has no data.</param>
/// <param name="Status">Other than <see cref="EntryStatus.Whole"/> when it could not be found out.</param>
internal readonly record struct SourceExtent(long End, bool IsHole, EntryStatus Status = EntryStatus.Whole);

/// <summary>What came of reading.</summary>
/// <param name="Count">Bytes that were read.</param>
/// <param name="Status">Other than <see cref="EntryStatus.Whole"/> when the file could not be read or has been seen to change.</param>
internal readonly record struct SourceRead(int Count, EntryStatus Status = EntryStatus.Whole);
