using P2PCopy.Datagrams;

namespace P2PCopy.Transfer;

/// <summary>
/// Ends a copy whose peer is silent. A sign of life is any growth of the sum of counters it is shown: bytes read, bytes the
/// peer's transport acknowledged, bytes it confirmed. Keep-alives are none, so a hung peer program is noticed although its
/// transport still answers.
/// </summary>
/// <param name="limit">How long the peer may be silent.</param>
/// <param name="start">When the copy begins.</param>
internal sealed class StallRule(TimeSpan limit, Instant start)
{
    private Instant _lastSign = start;
    private long _signs;

    public TimeSpan Limit { get; } = limit;

    /// <summary>Looks at the counters.</summary>
    /// <param name="signs">The sum of all counters that only grow.</param>
    /// <param name="waitingForUs">Whether the next step is our own (disk, prompt), so that silence says nothing about the peer.</param>
    /// <param name="now">The time.</param>
    public void Observe(long signs, bool waitingForUs, Instant now)
    {
        if (signs == _signs && !waitingForUs) return;
        _signs = signs;
        _lastSign = now;
    }

    public TimeSpan Silence(Instant now) => now - _lastSign;

    public bool IsStalled(Instant now) => Silence(now) >= Limit;
}
