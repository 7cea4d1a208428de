using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>
/// How many unknown addresses a peer may name within a session. Without a bound it could have us probe the whole internet, a few addresses
/// at a time.
/// </summary>
internal sealed class Newcomers
{
    // PROTOCOL PATH-6.
    private const int AtOnce = 2 * PathTable.MostTold;

    private static readonly TimeSpan OneMore = TimeSpan.FromSeconds(2);

    private Instant _full;

    /// <summary>Whether one more is allowed now.</summary>
    public bool TryAdmit(Instant now)
    {
        // The bucket as the instant at which it is full again.
        var full = Instant.Max(_full, now) + OneMore;
        if (full > now + (OneMore * AtOnce)) return false;
        _full = full;
        return true;
    }
}
