using P2PCopy.Datagrams;
using P2PCopy.Udt.Receiving;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// When to send one more packet because nothing is heard of those under way (the probe timeout of RFC 9002 §6.2): its report shows
/// what else is missing. It backs off, but stays quick enough to find a path that comes back.
/// </summary>
internal sealed class TailProbe
{
    private const int HopelessAfter = 3;
    private const int MostDoublings = 6;
    private static readonly TimeSpan LeastDeviation = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private Instant _quietSince;
    private int _taken;

    /// <summary>Whether so many were not answered that all that is under way must be lost.</summary>
    public bool IsHopeless => _taken >= HopelessAfter;

    /// <summary>When the next one leaves if nothing happens.</summary>
    public Instant Due(RttEstimator rtt)
    {
        var deviation = 4 * rtt.Variance;
        var wait = rtt.RoundTrip + (deviation > LeastDeviation ? deviation : LeastDeviation) + DeliveryReports.LongestDelay;
        var longest = wait > LongestWait ? wait : LongestWait;
        wait *= 1 << Math.Min(_taken, MostDoublings);
        return _quietSince + (wait < longest ? wait : longest);
    }

    /// <summary>A packet left.</summary>
    public void Sent(Instant now) => _quietSince = now;

    /// <summary>Something was delivered.</summary>
    public void Progressed(Instant now) => (_quietSince, _taken) = (now, 0);

    /// <summary>The probe leaves.</summary>
    public void Taken(Instant now)
    {
        _quietSince = now;
        _taken++;
    }
}
