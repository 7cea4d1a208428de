using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>What happened to the way to the peer.</summary>
internal enum PathEventKind
{
    /// <summary>The first path is valid: data may flow.</summary>
    Opened,

    /// <summary>Data takes another path from now on.</summary>
    Moved,

    /// <summary>The peer is silent although it has something to answer; every known address is being tried.</summary>
    Suspect,

    /// <summary>The peer is heard again.</summary>
    Restored,

    /// <summary>The peer has been silent for so long that the copy should end. Trying goes on until the session is ended.</summary>
    Broken,
}

/// <summary>One event of the paths.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The path in use, or the one last in use; the default when there never was one.</param>
/// <param name="Former">The path that was in use before, in <see cref="PathEventKind.Moved"/>.</param>
/// <param name="HeardAt">When the peer was last heard.</param>
internal readonly record struct PathEvent(PathEventKind Kind, UdpEndpoint Path, UdpEndpoint Former, Instant HeardAt);
