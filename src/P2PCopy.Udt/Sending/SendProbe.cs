using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Sending;

/// <summary>What to do about packets in flight of which nothing is heard.</summary>
internal enum SendProbeAction
{
    None,

    /// <summary>A keep-alive: old receivers look whether an acknowledgement is due only when some packet arrives.</summary>
    Poke,

    /// <summary>The newest packet again: a lost tail is noticed without waiting for the expiration.</summary>
    ResendNewest,
}

/// <summary>
/// Watches over the end of a burst. UDT receivers of the reference acknowledge a burst that ends with a full packet up to 100 ms
/// late, and nobody reports a lost tail; both would hold a young connection back for a long time.
/// </summary>
internal sealed class SendProbe
{
    private static readonly TimeSpan FirstPoke = TimeSpan.FromMilliseconds(12);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private Instant _quietSince;
    private TimeSpan _poke = FirstPoke;
    private TimeSpan _resendAfter;
    private int _resends;

    /// <summary>When to ask <see cref="Take"/>.</summary>
    public Instant NextTimeout(RttEstimator rtt)
    {
        var resend = ResendAfter(rtt);
        return _quietSince + (_poke < resend ? _poke : resend);
    }

    /// <summary>A packet left: the burst goes on.</summary>
    public void Sent(Instant now) => Restart(now);

    /// <summary>An acknowledgement confirmed something new.</summary>
    public void Progressed(Instant now) => Restart(now);

    /// <summary>What is due.</summary>
    public SendProbeAction Take(Instant now, RttEstimator rtt)
    {
        // PROTOCOL UDT-19.
        if (now < NextTimeout(rtt)) return SendProbeAction.None;
        var resend = ResendAfter(rtt);
        if (_poke < resend)
        {
            while (_quietSince + _poke <= now) _poke *= 2;
            return SendProbeAction.Poke;
        }

        _resends++;
        _resendAfter = (now - _quietSince) + Wait(rtt);
        return SendProbeAction.ResendNewest;
    }

    private TimeSpan ResendAfter(RttEstimator rtt) => _resends == 0 ? Wait(rtt) : _resendAfter;

    private TimeSpan Wait(RttEstimator rtt)
    {
        var wait = (rtt.Timeout + (2 * UdtTimes.Syn)) * (1 << Math.Min(_resends, 6));
        return wait < LongestWait ? wait : LongestWait;
    }

    private void Restart(Instant now)
    {
        _quietSince = now;
        _poke = FirstPoke;
        _resends = 0;
    }
}
