using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>What the user has decided about a tree that comes in.</summary>
internal sealed record TargetTreeOptions
{
    /// <summary>What happens when something of an entry's name is there already. Folders of one name become one.</summary>
    public ExistingFile Existing { get; init; } = ExistingFile.KeepBoth;

    /// <summary>Whether names may be used that other programs obey unasked.</summary>
    public bool AllowSensitive { get; init; }

    /// <summary>Whether symbolic links are made; without it they are left out.</summary>
    public bool AllowLinks { get; init; }

    /// <summary>Most bytes of all files together, streams included.</summary>
    public long? MaxSize { get; init; }

    /// <summary>
    /// Whether nobody looks. Then unfinished files of other copies count as if they came still, and where no <see cref="MaxSize"/> is
    /// given half of the free space is kept.
    /// </summary>
    public bool IsUnattended { get; init; }

    /// <summary>Whether no more than half of the free space may be taken.</summary>
    public bool KeepsHalfFree => IsUnattended && MaxSize is null;

    /// <summary>Most entries of a manifest.</summary>
    public int MaxEntries { get; init; } = Transfer.Tree.TreeLimits.Entries;
}
