using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// Spreads packets over time: grants small bursts instead of one wake per packet, and lets a late wake catch up, but no further than
/// a queue on the way can take.
/// </summary>
internal sealed class Pacer
{
    private const double BurstMicroseconds = 500;
    private const double CatchUpMicroseconds = 2_000;
    private double _next;
    private double _sleepUntil;
    private double _owed;

    /// <summary>When the next packet may leave.</summary>
    public Instant NextSend => new((long)Math.Ceiling(Math.Max(_next, _sleepUntil)));

    /// <summary>Whether a packet may leave now. A refusal plans the next burst.</summary>
    public bool MaySend(Instant now, double intervalMicroseconds)
    {
        if (now.Microseconds < _sleepUntil) return false;
        if (_next <= now.Microseconds) return true;

        // Short intervals are gathered: sleeping for each packet would cost more than sending it.
        _sleepUntil = intervalMicroseconds < BurstMicroseconds ? now.Microseconds + BurstMicroseconds : _next;
        return false;
    }

    /// <summary>A packet left.</summary>
    /// <param name="now">When.</param>
    /// <param name="intervalMicroseconds">The time to the next one.</param>
    /// <param name="pairFollows">The next one follows at once, as a probe of the link; its time is added behind it.</param>
    public void Sent(Instant now, double intervalMicroseconds, bool pairFollows)
    {
        _next = Math.Max(_next, now.Microseconds - CatchUpMicroseconds);
        if (pairFollows)
        {
            _owed = intervalMicroseconds;
            return;
        }

        _next += intervalMicroseconds + _owed;
        _owed = 0;
    }

    /// <summary>Forgets what was planned; the next packet may leave at once.</summary>
    public void Reset() => _next = _sleepUntil = _owed = 0;
}
