namespace P2PCopy.NatTraversal.IO;

/// <summary>Whom <see cref="NetworkProbe"/> asks.</summary>
public sealed record NetworkProbeOptions
{
    /// <summary>The STUN servers; <see langword="null"/> takes the built-in list, an empty list asks nobody.</summary>
    public IReadOnlyList<ServerName>? Servers { get; init; }

    /// <summary>Whether it is tried out if IPv6 works.</summary>
    public bool IPv6 { get; init; } = true;
}
