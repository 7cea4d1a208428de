namespace P2PCopy.Transfer.Receiving;

/// <summary>
/// What a receiver is asked about: everything that comes, after all of its names were checked and before anything is written. Texts
/// are a stranger's; they are safe as paths, not for a terminal.
/// </summary>
public sealed record TreeOffer
{
    /// <summary>The names at the top, 16 at most; folders end with a slash.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Entries of all kinds.</summary>
    public int Entries { get; init; }

    /// <summary>Entries with content.</summary>
    public int Files { get; init; }

    /// <summary>Folders.</summary>
    public int Folders { get; init; }

    /// <summary>Symbolic links.</summary>
    public int Links { get; init; }

    /// <summary>Bytes of all files together; the peer cannot send more. Streams are not counted.</summary>
    public long TotalBytes { get; init; }

    /// <summary>Whether something comes whose size is known only at its end.</summary>
    public bool HasStream { get; init; }

    /// <summary>Whether it is a text to be shown and nothing else.</summary>
    public bool IsText { get; init; }

    /// <summary>The largest file, as a path with slashes.</summary>
    public string? Largest { get; init; }

    /// <summary>Bytes of the largest file.</summary>
    public long LargestBytes { get; init; }

    /// <summary>Entries whose name begins with a dot.</summary>
    public int HiddenEntries { get; init; }

    /// <summary>The first of them.</summary>
    public string? FirstHidden { get; init; }

    /// <summary>Files that run a program when they are opened, or may be executed.</summary>
    public int Programs { get; init; }

    /// <summary>The first of them.</summary>
    public string? FirstProgram { get; init; }

    /// <summary>Entries that are left out, since other programs obey them unasked.</summary>
    public int LeftOutEntries { get; init; }

    /// <summary>The first of them.</summary>
    public string? FirstLeftOut { get; init; }

    /// <summary>Entries whose name is longer than the disk there takes, as far as it tells; each of them will fail alone.</summary>
    public int TooLongNames { get; init; }

    /// <summary>The first of them.</summary>
    public string? FirstTooLong { get; init; }

    /// <summary>Where it goes; empty when it goes to standard output.</summary>
    public string Folder { get; init; } = "";

    /// <summary>What happens to files that exist.</summary>
    public ExistingFile Existing { get; init; }

    /// <summary>Files whose name is taken there already.</summary>
    public int ExistingFiles { get; init; }

    /// <summary>Bytes that an earlier copy brought and that are checked and not sent again.</summary>
    public long BytesHere { get; init; }

    /// <summary>Free space there in bytes, if the system tells.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Whether what is missing fits into the free space.</summary>
    public bool MayFit { get; init; } = true;
}
