namespace P2PCopy.Transfer.Tree;

/// <summary>What an entry of a manifest is. The values are those of the wire (docs/PROTOCOL.md section 13).</summary>
internal enum EntryKind : byte
{
    Folder = 0,

    File = 1,

    /// <summary>A symbolic link; its target is text and nobody follows it.</summary>
    Link = 2,

    /// <summary>A file whose size is known only at its end, as what comes out of a pipe.</summary>
    Stream = 3,

    /// <summary>A short text that is shown to the user and not written.</summary>
    Text = 4,
}
