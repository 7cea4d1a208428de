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
    private const double LeastStretch = 1.04;

    // Shorter trains would measure the bursts in which packets leave, and what a link on the way collects before it sends.
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(10);

    private Mark _begin;
    private Mark _from;
    private Mark _middle;

    /// <summary>Whether it took clearly longer to arrive than to leave: it met the narrowest link of the path, whose rate it tells.</summary>
    public bool IsStretched { get; private set; }

    /// <summary>Whether it seems to take longer to arrive than to leave; seen earlier, and perhaps wrong until the train is longer.</summary>
    public bool SeemsStretched { get; private set; }

    /// <summary>Takes a report.</summary>
    /// <param name="sample">What it says.</param>
    /// <param name="begins">Whether a train begins with it; what was before is of another.</param>
    /// <param name="jitter">How much the time in queues changes from report to report.</param>
    /// <returns>Packets per second of its last part; 0 while it is too short to tell.</returns>
    public double Take(in DeliverySample sample, bool begins, TimeSpan jitter)
    {
        var mark = new Mark(sample.Delivered, sample.SentAt, sample.Arrival);
        if (begins)
        {
            _begin = _from = _middle = mark;
            IsStretched = SeemsStretched = false;
            return 0;
        }

        if (mark.IsTrainSince(_middle)) (_from, _middle) = (_middle, mark);
        if (!mark.IsTrainSince(_from)) return 0;
        SeemsStretched = mark.IsStretchedSince(_from, LeastStretch, 2 * jitter);
        IsStretched = mark.IsStretchedSince(_begin, Stretch, LeastTime);
        return (mark.Delivered - _from.Delivered) / mark.TimeSince(_from).TotalSeconds;
    }

    /// <summary>What a report said: how much was delivered, and when the last of it left and arrived.</summary>
    private readonly record struct Mark(long Delivered, Instant Sent, Instant Arrived)
    {
        public bool IsTrainSince(in Mark earlier) => Delivered - earlier.Delivered >= LeastPackets && TimeSince(earlier) >= LeastTime;

        public bool IsStretchedSince(in Mark earlier, double factor, TimeSpan slack)
        {
            var (sending, arriving) = (Sent - earlier.Sent, Arrived - earlier.Arrived);
            return arriving > factor * sending && arriving > sending + slack;
        }

        public TimeSpan TimeSince(in Mark earlier)
        {
            var (sending, arriving) = (Sent - earlier.Sent, Arrived - earlier.Arrived);
            return sending > arriving ? sending : arriving;
        }
    }
}
