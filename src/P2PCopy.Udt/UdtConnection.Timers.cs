using P2PCopy.Datagrams;

namespace P2PCopy.Udt;

/// <summary>Time passing.</summary>
public sealed partial class UdtConnection
{
    private int _expirationCount = 1;
    private long _expirations;

    private enum Timer
    {
        /// <summary>The handshake has failed.</summary>
        ConnectDeadline,

        /// <summary>The rendezvous peer has not proven to be connected.</summary>
        ConclusionRepeat,

        /// <summary>The first data waits no longer.</summary>
        FirstDataHold,

        /// <summary>Nothing was heard of the peer.</summary>
        Expiration,

        /// <summary>Closing waits no longer for acknowledgements.</summary>
        Linger,

        /// <summary>The next copy of the shutdown.</summary>
        Shutdown,

        /// <summary>The closed connection's id is free again.</summary>
        Forget,
    }

    /// <summary>Whether the connection is over and owes nobody an answer.</summary>
    internal bool IsForgotten => State == UdtState.Closed && _timers[Timer.Forget] == Instant.Never && _shutdowns == 0;

    /// <summary>When something is due.</summary>
    internal Instant NextTimeout
    {
        get
        {
            var next = _timers.Next;
            switch (State)
            {
                case UdtState.Connecting:
                    return Instant.Min(next, _handshake!.NextSend);
                case UdtState.Closed:
                    return next;
                default:
                    if (_keepAliveDue || _agreementDue || _responseDue || _ack2Count > 0) return Instant.Zero;
                    next = Instant.Min(next, _receiver!.NextTimeout);
                    return _timers[Timer.FirstDataHold] == Instant.Never ? Instant.Min(next, _sender!.NextTimeout) : next;
            }
        }
    }

    internal void HandleTimeout(Instant now)
    {
        if (_timers.Expired(Timer.ConnectDeadline, now)) End(CloseReason.ConnectTimedOut, now);
        if (_timers.Expired(Timer.Linger, now)) End(CloseReason.LingerExpired, now);
        if (_timers.Expired(Timer.Expiration, now)) Expire(now);
        _timers.Expired(Timer.FirstDataHold, now);
        _timers.Expired(Timer.Forget, now);
    }

    private void Expire(Instant now)
    {
        // PROTOCOL UDT-20.
        var interval = _rtt.Expiration(_expirationCount);
        if (_expirationCount > UdtTimes.DeadAfterExpirations && interval > UdtTimes.LeastLastExpiration && now - LastHeard >= _options.LeastSilence)
        {
            End(CloseReason.PeerTimedOut, now);
            return;
        }

        // Beyond the count that matters the interval stays as it is, so that a path that comes back is used again soon.
        if (_expirationCount <= UdtTimes.DeadAfterExpirations || interval <= UdtTimes.LeastLastExpiration) _expirationCount++;
        _timers[Timer.Expiration] = now + _rtt.Expiration(_expirationCount);
        if (_sender!.InFlight > 0)
        {
            _expirations++;
            _sender.OnExpiration(now);
        }
        else
        {
            _keepAliveDue = true;
        }
    }
}
