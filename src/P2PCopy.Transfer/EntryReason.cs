namespace P2PCopy.Transfer;

/// <summary>Why an entry was not copied. The numbers are those of the wire (docs/PROTOCOL.md, TREE-20).</summary>
public enum EntryReason
{
    /// <summary>The disk of the receiver failed in a way that has no word of its own.</summary>
    Disk = 0,

    /// <summary>Something of its name exists there, and was to be kept.</summary>
    Exists = 1,

    /// <summary>Other programs would obey it unasked.</summary>
    Obeyed = 2,

    /// <summary>It is a symbolic link, and those are not made unless asked for.</summary>
    Link = 3,

    /// <summary>It is a symbolic link that leads out of what was sent.</summary>
    LinkOutside = 4,

    /// <summary>Something of another kind has its name, or that of a folder it lies in.</summary>
    InTheWay = 5,

    /// <summary>The permissions of its folder do not allow it.</summary>
    Permission = 6,

    /// <summary>Its name or its path is longer than the receiver's disk takes.</summary>
    NameTooLong = 7,

    /// <summary>It is larger than the receiver's disk takes files.</summary>
    TooLarge = 8,

    /// <summary>The folder that it belongs into is gone.</summary>
    NoFolder = 9,

    /// <summary>What was written is not what was sent.</summary>
    NotVerified = 10,

    /// <summary>Its older version at the receiver was changed meanwhile.</summary>
    ChangedThere = 11,

    /// <summary>It was changed at the sender since the copy began.</summary>
    SourceChanged = 12,

    /// <summary>It cannot be read at the sender.</summary>
    SourceUnreadable = 13,
}
