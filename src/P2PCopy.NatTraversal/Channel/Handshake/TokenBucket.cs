using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>
/// Allows a burst at once and then a rate. It is kept as the time at which all that was taken would have come in at that rate (the
/// generic cell rate algorithm of ITU-T I.371), so it is one number and needs no timer.
/// </summary>
internal struct TokenBucket(int burst, int perSecond, Instant start)
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / perSecond;
    private readonly TimeSpan _slack = TimeSpan.FromSeconds(1) / perSecond * (burst - 1);

    /// <summary>When the bucket is full again.</summary>
    public Instant FullAt { get; private set; } = start;

    /// <summary>Takes one if there is one.</summary>
    public bool TryTake(Instant now)
    {
        if (FullAt > now + _slack) return false;
        FullAt = Instant.Max(FullAt, now) + _interval;
        return true;
    }
}
