namespace P2PCopy.NatTraversal.IO;

/// <summary>Whom <see cref="InternetClock"/> asks.</summary>
public sealed record InternetClockOptions
{
    /// <summary>The time servers; <see langword="null"/> takes the built-in list, an empty list asks nobody.</summary>
    public IReadOnlyList<ServerName>? Servers { get; init; }
}
