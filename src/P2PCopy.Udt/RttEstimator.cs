namespace P2PCopy.Udt;

/// <summary>
/// Smoothed round trip and its variance (draft-gg-udt-03 §3.3): RTT = (7 RTT + r)/8, var = (3 var + |r − RTT|)/4. It starts at
/// 100 ms and 50 ms; the first sample replaces the start instead of being averaged with it, so that a short path is known as one
/// at once.
/// </summary>
internal sealed class RttEstimator
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The smoothed round trip.</summary>
    public TimeSpan RoundTrip { get; private set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Its smoothed deviation.</summary>
    public TimeSpan Variance { get; private set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether anything has been measured.</summary>
    public bool HasSample { get; private set; }

    /// <summary>RTT + 4 var: what has not come back by then is late.</summary>
    public TimeSpan Timeout => RoundTrip + (4 * Variance);

    /// <summary>Takes a measurement of one's own.</summary>
    public void Sample(TimeSpan roundTrip)
    {
        if (roundTrip <= TimeSpan.Zero || roundTrip > Longest) return;
        // PROTOCOL UDT-15.
        if (!HasSample)
        {
            HasSample = true;
            RoundTrip = roundTrip;
            Variance = roundTrip / 2;
            return;
        }

        Variance = ((3 * Variance) + (roundTrip - RoundTrip).Duration()) / 4;
        RoundTrip = ((7 * RoundTrip) + roundTrip) / 8;
    }

    /// <summary>Takes the estimate of a peer that measures for both, as in the fields of an acknowledgement.</summary>
    public void Adopt(uint roundTripMicroseconds, uint varianceMicroseconds)
    {
        var roundTrip = TimeSpan.FromMicroseconds(roundTripMicroseconds);

        // Start values mean that the peer has not measured yet.
        if (roundTrip == TimeSpan.FromMilliseconds(100) && varianceMicroseconds == 50_000) return;
        Sample(roundTrip);
    }

    /// <summary>How long to wait for the peer at the n-th expiration in a row (draft-gg-udt-03 §3.5).</summary>
    public TimeSpan Expiration(int count)
    {
        var backedOff = (count * Timeout) + UdtTimes.Syn;
        var least = count * UdtTimes.LeastExpiration;
        return backedOff > least ? backedOff : least;
    }
}
