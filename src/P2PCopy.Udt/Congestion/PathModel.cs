using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>
/// What the path is taken for: the rate of its narrowest link, its round trip without queues, and how far deliveries come in lumps
/// (draft-ietf-ccwg-bbr §4.5). Rates are packets per second.
/// </summary>
internal sealed class PathModel
{
    private const int LumpRounds = 10;

    // What a report may hold back (DeliveryReports.LongestDelay) and what leaves in one burst, and a packet to go with them.
    private const double LumpSeconds = 0.0025;
    private const double LumpPackets = 1;

    private readonly double[] _rates = new double[2];
    private readonly double[] _lumps = new double[2];
    private TimeSpan _lastQueueDelay;
    private long _nextRound;
    private Instant _lumpSince = Instant.Never;
    private double _lumpDelivered;
    private long _lumpRound;

    /// <summary>The highest rate of this and the last cycle of probing; 0 while unknown.</summary>
    public double MaxRate => Math.Max(_rates[0], _rates[1]);

    /// <summary>The round trip without queues; zero while unknown.</summary>
    public TimeSpan MinRoundTrip { get; private set; }

    /// <summary>When the round trip was last seen to be as short as <see cref="MinRoundTrip"/>.</summary>
    public Instant MinRoundTripAt { get; private set; }

    /// <summary>How much the time in queues changes from report to report, smoothed (as the jitter of RFC 3550 §6.4.1).</summary>
    public TimeSpan Jitter { get; private set; }

    /// <summary>Round trips so far.</summary>
    public long Rounds { get; private set; }

    /// <summary>Whether the last report began a round trip.</summary>
    public bool IsRoundStart { get; private set; }

    /// <summary>Packets that a path of <see cref="MaxRate"/> holds without a queue.</summary>
    public double BandwidthDelay => MaxRate * MinRoundTrip.TotalSeconds;

    /// <summary>Takes what a report says.</summary>
    public void Update(in DeliverySample sample, double rate, double window)
    {
        IsRoundStart = sample.PriorDelivered >= _nextRound;
        if (IsRoundStart)
        {
            _nextRound = sample.Delivered;
            Rounds++;
        }

        if (sample.Rate >= MaxRate || !sample.IsApplicationLimited) RaiseMaxRate(sample.Rate);
        if (sample.RoundTrip > TimeSpan.Zero) UpdateMinRoundTrip(sample);
        Jitter += ((sample.QueueDelay - _lastQueueDelay).Duration() - Jitter) / 16;
        _lastQueueDelay = sample.QueueDelay;
        UpdateLumps(sample, rate, window);
    }

    /// <summary>A train passed at this rate: the path carries as much at least, or did for a moment.</summary>
    public void RaiseMaxRate(double rate) => _rates[0] = Math.Max(_rates[0], rate);

    /// <summary>A rate was measured in another way: while packets queued, they came as fast as the path can.</summary>
    public void SetMaxRate(double rate) => (_rates[0], _rates[1]) = (rate, 0);

    /// <summary>A cycle of probing is over: the highest rate of the last but one is forgotten.</summary>
    public void AdvanceMaxRate()
    {
        if (_rates[0] == 0) return;
        _rates[1] = _rates[0];
        _rates[0] = 0;
    }

    /// <summary>Packets under way that keep the path at so many times its capacity, in spite of lumps and late reports.</summary>
    public double Inflight(double rate, double gain) =>
        (gain * rate * MinRoundTrip.TotalSeconds) + (rate * LumpSeconds) + LumpPackets;

    /// <summary>The round trip has been probed: it is this now, however short it was before.</summary>
    public void SetMinRoundTrip(TimeSpan roundTrip, Instant now) => (MinRoundTrip, MinRoundTripAt) = (roundTrip, now);

    /// <summary>Packets that deliveries come ahead of the rate.</summary>
    public double Lump => Math.Max(_lumps[0], _lumps[1]);

    // A sample as good as the least one confirms it: a path whose queue is empty now and then needs no probing for its round trip.
    private void UpdateMinRoundTrip(in DeliverySample sample)
    {
        if (MinRoundTrip == TimeSpan.Zero || sample.RoundTrip < MinRoundTrip)
        {
            (MinRoundTrip, MinRoundTripAt) = (sample.RoundTrip, sample.Now);
            return;
        }

        var slack = (MinRoundTrip / 32) + TimeSpan.FromMicroseconds(200);
        if (sample.RoundTrip <= MinRoundTrip + slack) MinRoundTripAt = sample.Now;
    }

    // §4.5.5: aggregation on the way of packets or reports.
    private void UpdateLumps(in DeliverySample sample, double rate, double window)
    {
        if (_lumpSince == Instant.Never) _lumpSince = sample.Now;
        var expected = rate * (sample.Now - _lumpSince).TotalSeconds;
        if (_lumpDelivered <= expected) (_lumpSince, _lumpDelivered, expected) = (sample.Now, 0, 0);
        _lumpDelivered += sample.NewlyDelivered;
        if (Rounds - _lumpRound >= LumpRounds) (_lumps[1], _lumps[0], _lumpRound) = (_lumps[0], 0, Rounds);
        _lumps[0] = Math.Max(_lumps[0], Math.Min(_lumpDelivered - expected, window));
    }
}
