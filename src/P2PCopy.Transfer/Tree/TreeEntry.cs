namespace P2PCopy.Transfer.Tree;

/// <summary>
/// One entry of a manifest. Entries come in preorder, and each has one name only: an entry of depth <c>d</c> lies in the last
/// folder of depth <c>d − 1</c> that came before it. So a path has no separators that could be misread, and what an entry lies
/// in is always a folder of the same manifest.
/// </summary>
/// <remarks>At a receiver all of it is what a stranger wrote; only the structure and the limits have been checked.</remarks>
internal sealed record TreeEntry
{
    /// <summary>Its place in the manifest, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>How many folders of the manifest it lies in; 0 for what the user named.</summary>
    public required int Depth { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>The name, one component of a path: valid UTF-8 on the wire, 1 to 255 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of a file or a text, a hard limit for what may come; 0 for all other kinds.</summary>
    public long Size { get; init; }

    /// <summary>When the content was changed last, in nanoseconds since 1970-01-01 UTC; may be negative.</summary>
    public long ModifiedNanoseconds { get; init; }

    public bool Executable { get; init; }

    /// <summary>Whether the source has holes, so that it is worth asking where.</summary>
    public bool Sparse { get; init; }

    /// <summary>Where a link points to, as the source says it; null for all other kinds.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Whether content travels for it.</summary>
    public bool HasContent => Kind is EntryKind.File or EntryKind.Stream or EntryKind.Text;

    /// <summary>What stands for an entry of which nothing is known any more.</summary>
    public static TreeEntry Unreadable(int index) => new() { Index = index, Depth = 0, Kind = EntryKind.Folder, Name = "" };
}
