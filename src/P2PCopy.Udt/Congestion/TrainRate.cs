using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>
/// The rate at which a train passed: packets that left one soon after the other, within a fraction of a round trip. While all that is
/// under way passes within one, a rate over the whole of it tells how little was sent; this one tells how fast that went. It is never
/// above the rate at which the train left, and where the path is slower the train is stretched (the dispersion of packet trains:
/// Dovrolis, Ramanathan and Moore, "What do packet dispersion techniques measure?", 2001).
/// </summary>
internal sealed class TrainRate
{
    private const int LeastPackets = 32;

    // Jitter stretches a train by as long as it is itself, so only what is clearly more counts.
    private const double Stretch = 1.6;

    // Shorter trains would measure the bursts in which packets leave, and what a link on the way collects before it sends.
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(10);

    private long _delivered;
    private Instant _sent;
    private Instant _arrived;

    /// <summary>Whether it took clearly longer to arrive than to leave: it met the narrowest link of the path, whose rate it tells.</summary>
    public bool IsStretched { get; private set; }

    /// <summary>Takes a report.</summary>
    /// <param name="sample">What it says.</param>
    /// <param name="begins">Whether a train begins with it; what was before is of another.</param>
    /// <returns>Packets per second of the train so far; 0 while it is too short to tell.</returns>
    public double Take(in DeliverySample sample, bool begins)
    {
        if (begins)
        {
            (_delivered, _sent, _arrived) = (sample.Delivered, sample.SentAt, sample.Arrival);
            IsStretched = false;
            return 0;
        }

        var packets = sample.Delivered - _delivered;
        var (sending, arriving) = (sample.SentAt - _sent, sample.Arrival - _arrived);
        var time = sending > arriving ? sending : arriving;
        if (packets < LeastPackets || time < LeastTime) return 0;
        IsStretched = arriving > Stretch * sending && arriving > sending + LeastTime;
        return packets / time.TotalSeconds;
    }
}
