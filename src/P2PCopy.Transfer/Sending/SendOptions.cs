namespace P2PCopy.Transfer.Sending;

/// <summary>What the sender of a file has decided beforehand.</summary>
public sealed record SendOptions
{
    /// <summary>The name to offer; the source's own when <see langword="null"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the SHA-256 of the content is computed while it flows.</summary>
    public bool Hash { get; init; }

    /// <summary>How long the peer may be silent before the copy ends.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(50);
}
