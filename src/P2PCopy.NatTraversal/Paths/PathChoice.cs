namespace P2PCopy.NatTraversal.Paths;

/// <summary>Which of two valid paths is the better one.</summary>
internal static class PathChoice
{
    private const double Worse = 1.2;
    private const double Better = 0.8;

    // A difference below this is noise of the machines and not of the way.
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Gain = TimeSpan.FromMilliseconds(10);

    /// <summary>How long after a move speed alone is no reason for another.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(4);

    /// <summary>Whether data should leave the path in use for this one.</summary>
    /// <param name="path">The other one.</param>
    /// <param name="inUse">The path in use.</param>
    /// <param name="sinceMove">How long it has been in use.</param>
    public static bool IsBetter(PeerPath path, PeerPath inUse, TimeSpan sinceMove)
    {
        // PROTOCOL PATH-9.
        if (path.RoundTrips.Shortest is not { } roundTrip) return false;
        if (inUse.RoundTrips.Shortest is not { } present) return path.Route < inUse.Route;
        if (path.Route < inUse.Route && roundTrip <= (present * Worse) + Noise) return true;
        return sinceMove >= Rest && roundTrip <= present * Better && present - roundTrip >= Gain;
    }

    /// <summary>Whether the one is to be kept in reserve rather than the other.</summary>
    public static bool IsBetterReserve(PeerPath path, PeerPath other) =>
        path.Route != other.Route ? path.Route < other.Route : path.RoundTrips.Shortest < other.RoundTrips.Shortest;
}
