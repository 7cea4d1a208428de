namespace P2PCopy.Transfer.Receiving;

/// <summary>What the receiver of a file has decided beforehand.</summary>
public sealed record ReceiveOptions
{
    /// <summary>The folder that takes the file; it must exist.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>What happens when a file of the offered name is there already.</summary>
    public ExistingFile Existing { get; init; } = ExistingFile.KeepBoth;

    /// <summary>Whether files and folders may be written that other programs obey unasked, such as <c>.bashrc</c> or <c>.ssh</c>.</summary>
    public bool AllowSensitive { get; init; }

    /// <summary>Whether symbolic links are made that stay inside what was sent; without it they are left out.</summary>
    public bool AllowLinks { get; init; }

    /// <summary>Larger files, in bytes, are refused without asking.</summary>
    public long? MaxSize { get; init; }

    /// <summary>
    /// Whether nobody is asked. Then unfinished files of other copies in the folder count as if they came still, and where no
    /// <see cref="MaxSize"/> is given, a tree that needs more than half of the free space is refused.
    /// </summary>
    public bool IsUnattended { get; init; }

    /// <summary>Whether the SHA-256 of the content is computed while it flows.</summary>
    public bool Hash { get; init; }

    /// <summary>
    /// How long the user may think. The wire has no word for "my user is thinking", so this stays below the time after which
    /// the sender takes us for gone.
    /// </summary>
    public TimeSpan DecisionLimit { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the peer may be silent before the copy ends.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(50);
}
