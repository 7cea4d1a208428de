using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.Transfer.Connecting;

/// <summary>
/// When to try to meet the peer: each try starts where the common clock shows a whole ten seconds, lasts up to half a minute, and
/// after a failed one comes the next, until the limit. Two programs that never talked to each other so start together, which NATs
/// that are disturbed by early packets need; all others merely lose the wait.
/// </summary>
/// <param name="start">When the user asked to connect.</param>
/// <param name="limit">How long to go on in all; <see cref="TimeSpan.Zero"/> for as long as the program lives.</param>
public sealed class AttemptSchedule(Instant start, TimeSpan limit)
{
    /// <summary>How long one try lasts when nobody answers.</summary>
    public static readonly TimeSpan AttemptLength = TimeSpan.FromSeconds(30);

    private readonly Instant _deadline = limit == TimeSpan.Zero ? Instant.Never : start + limit;
    private int _made;

    /// <summary>The next try, or <see langword="null"/> when the limit is reached.</summary>
    /// <param name="now">The time of the asking.</param>
    /// <param name="commonTime">The same moment on the clock that both peers share: internet time where it could be had.</param>
    public Attempt? Next(Instant now, DateTimeOffset commonTime)
    {
        if (now >= _deadline) return null;
        var slot = StartSchedule.Next(commonTime);
        var begin = now + (slot.Time - commonTime);
        if (begin < _deadline) return new Attempt(_made++, slot.WholeSeconds, begin, Instant.Min(begin + AttemptLength, _deadline));

        // The last moments are better spent trying than waiting for a start that never comes.
        // PROTOCOL RDV-3.
        return new Attempt(_made++, 0, now, _deadline);
    }
}
