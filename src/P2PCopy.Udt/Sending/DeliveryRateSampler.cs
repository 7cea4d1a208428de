using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// How fast the path delivers, from each packet's own life (draft-cheng-iccrg-delivery-rate-estimation-02): what was delivered
/// between its sending and its delivery, over the longer of the times in which that was sent and was received. The latter is
/// measured by the receiver's clock, so that what happens to reports on their way does not blur it.
/// </summary>
internal sealed class DeliveryRateSampler
{
    private Instant _deliveredAt = Instant.Never;
    private Instant _reportedAt;
    private Instant _firstSentAt;
    private long _limitedUntil;
    private SentPacket _sampled;
    private bool _hasSample;

    /// <summary>Packets delivered so far.</summary>
    public long Delivered { get; private set; }

    /// <summary>Packets found lost so far.</summary>
    public long Lost { get; private set; }

    /// <summary>A packet leaves (§3.2).</summary>
    /// <param name="packet">What to remember with it.</param>
    /// <param name="now">When.</param>
    /// <param name="inFlight">Packets under way, this one included.</param>
    public void OnSent(ref SentPacket packet, Instant now, int inFlight)
    {
        if (inFlight == 1)
        {
            // The time before this flight does not count: as if a report had arrived just now.
            _firstSentAt = now;
            if (_deliveredAt != Instant.Never) _deliveredAt += now - _reportedAt;
            _reportedAt = now;
        }

        packet.SendingMicroseconds = (uint)Math.Min(now.Microseconds - _firstSentAt.Microseconds, uint.MaxValue);
        packet.DeliveredAt = _deliveredAt;
        packet.Delivered = Delivered;
        packet.Lost = (uint)Lost;
        packet.InFlight = inFlight;
        packet.IsApplicationLimited = _limitedUntil != 0;
    }

    /// <summary>There is nothing to send although more might be under way (§3.4).</summary>
    public void OnApplicationLimited(int inFlight) => _limitedUntil = Math.Max(Delivered + inFlight, 1);

    /// <summary>A packet counts as lost.</summary>
    public void OnLost() => Lost++;

    /// <summary>A packet counts as lost no more: it was late.</summary>
    public void OnFound() => Lost--;

    /// <summary>A packet is delivered (§3.3).</summary>
    public void OnDelivered(in SentPacket packet)
    {
        Delivered++;
        if (_hasSample && packet.Order < _sampled.Order) return;
        _hasSample = true;
        _sampled = packet;
    }

    /// <summary>A report has been read: gives its sampled packet and rate.</summary>
    /// <param name="arrival">When the last packet of the report arrived, by the clock of its receiver.</param>
    /// <param name="now">When the report arrived here.</param>
    /// <param name="least">A rate over a shorter time than this says little.</param>
    /// <param name="sampled">The packet that was sent last among those delivered.</param>
    /// <param name="rate">Packets per second; 0 when it cannot be told.</param>
    public bool TryTake(Instant arrival, Instant now, TimeSpan least, out SentPacket sampled, out double rate)
    {
        (sampled, rate) = (_sampled, 0);
        if (!_hasSample) return false;
        _hasSample = false;
        if (Delivered > _limitedUntil) _limitedUntil = 0;
        var sending = TimeSpan.FromMicroseconds(sampled.SendingMicroseconds);
        var receiving = sampled.DeliveredAt == Instant.Never ? now - sampled.SentAt + sending : arrival - sampled.DeliveredAt;
        _firstSentAt = sampled.SentAt;
        (_deliveredAt, _reportedAt) = (arrival, now);
        var interval = sending > receiving ? sending : receiving;
        if (interval > TimeSpan.Zero && interval >= least) rate = (Delivered - sampled.Delivered) / interval.TotalSeconds;
        return true;
    }
}
