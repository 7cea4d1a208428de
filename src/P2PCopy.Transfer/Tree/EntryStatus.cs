namespace P2PCopy.Transfer.Tree;

/// <summary>How the sending of an entry ended. The values are those of the wire (docs/PROTOCOL.md section 13).</summary>
internal enum EntryStatus : byte
{
    /// <summary>All of it was sent, and the source did not change meanwhile.</summary>
    Whole = 0,

    /// <summary>The source is not what the manifest says: it changed since, or while it was read.</summary>
    Changed = 1,

    /// <summary>The source could not be opened or read.</summary>
    Unreadable = 2,

    /// <summary>The receiver wanted no more of it.</summary>
    Dropped = 3,
}
