using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// Finds lost packets by time, after RACK (RFC 8985 §6.2): one that left well before another that has arrived is lost. "Well" is a
/// window for reordering that grows with the reordering seen. A resend is a transmission like any other, so its loss is found in the
/// same way and as soon.
/// </summary>
internal sealed class LossDetector(Flight flight)
{
    private static readonly TimeSpan LeastWindow = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly WindowedMax _lateness = new(Memory);
    private long _newestOrder = -1;
    private TimeSpan _newestRoundTrip;

    /// <summary>When <see cref="TryTake"/> will find the next one, if nothing arrives before.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>A packet was delivered.</summary>
    /// <param name="packet">The packet, as it was last sent.</param>
    /// <param name="now">When its sender heard of it.</param>
    /// <param name="leastRoundTrip">What came back sooner belongs to an earlier transmission.</param>
    /// <param name="window">What <see cref="Window"/> is now.</param>
    public void OnDelivered(in SentPacket packet, Instant now, TimeSpan leastRoundTrip, TimeSpan window)
    {
        var roundTrip = now - packet.SentAt;
        if (packet.Transmissions > 1 && roundTrip < leastRoundTrip)
        {
            // It was not lost at all: the window was too small by an amount that cannot be known.
            _lateness.Add(now, window.Ticks * 3 / 2);
            return;
        }

        if (packet.Order > _newestOrder)
        {
            _newestOrder = packet.Order;
            _newestRoundTrip = roundTrip;
        }
        else if (packet.Transmissions == 1 || !packet.IsUnderWay)
        {
            _lateness.Add(now, (roundTrip - _newestRoundTrip).Ticks);
        }
    }

    /// <summary>How much later than others a packet may arrive before it counts as lost.</summary>
    public TimeSpan Window(TimeSpan leastRoundTrip, TimeSpan roundTrip)
    {
        var seen = _lateness.Value < 0 ? TimeSpan.Zero : TimeSpan.FromTicks(_lateness.Value * 5 / 4);
        var window = seen > leastRoundTrip / 4 ? seen : leastRoundTrip / 4;
        var most = roundTrip > LeastWindow ? roundTrip : LeastWindow;
        return window < LeastWindow ? LeastWindow : window < most ? window : most;
    }

    // PROTOCOL UDT-27.
    /// <summary>The next packet that is lost by now.</summary>
    public bool TryTake(Instant now, TimeSpan window, out long index)
    {
        Due = Instant.Never;
        if (!flight.TryOldest(out index)) return false;
        ref var oldest = ref flight[index];
        if (oldest.Order >= _newestOrder) return false;
        var deadline = oldest.SentAt + _newestRoundTrip + window;
        if (deadline <= now) return true;
        Due = deadline;
        return false;
    }
}
