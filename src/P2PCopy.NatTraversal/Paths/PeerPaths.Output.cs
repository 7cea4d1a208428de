using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <content>What goes to the peer, and when.</content>
internal sealed partial class PeerPaths
{
    /// <summary>When to call <see cref="HandleTimeout"/> and <see cref="TryNext"/> again.</summary>
    public Instant NextTimeout
    {
        get
        {
            if (_isStale) Replan();
            return _next;
        }
    }

    /// <summary>The next message to send now.</summary>
    public bool TryNext(Instant now, out PathMessage message)
    {
        message = default;
        if (NextTimeout > now) return false;
        if (!TryTakeMessage(now, out message) && !TryProbe(now, out message) && !TryGuess(now, out message)) return false;
        _isStale = true;
        return true;
    }

    /// <summary>A sealed packet of the transport left by the current path.</summary>
    public void DataSent(int bytes, Instant now)
    {
        _current?.Sent(bytes, now);
        Asked(now);
    }

    /// <summary>A message of the channel left that these paths did not ask for.</summary>
    public void ControlSent(UdpEndpoint remote, int bytes, Instant now)
    {
        _table.Find(remote)?.Sent(bytes, now);
        Asked(now);
    }

    /// <summary>
    /// Where a message of this size may go now: by the current path, or, before there is one, to where the peer was heard last, if so much
    /// came from there.
    /// </summary>
    public UdpEndpoint? DestinationFor(int bytes)
    {
        if (_current is { } current) return current.Endpoint;
        return _heardLast is { } path && path.Affords(bytes) ? path.Endpoint : null;
    }

    /// <summary>Time passed.</summary>
    public void HandleTimeout(Instant now)
    {
        _isStale = true;
        for (var i = 0; i < _table.Count; i++) _table[i].Lapse(now);
        if (_current is { IsValid: false }) _current = null;
        _mtu.HandleTimeout(now);
        if (!_silence.Expired(now)) return;
        if (_silence.IsBroken) Tell(PathEventKind.Broken, _lastCurrent);
        else BeginSearch(now);
    }

    private void Asked(Instant now)
    {
        if (!_inSession) return;
        _silence.Asked(now);
        _next = Instant.Min(_next, _silence.NextTimeout);
    }

    private bool TryTakeMessage(Instant now, out PathMessage message)
    {
        if (_replies.TryTake(out message)) return true;
        if (_current is not { } current) return false;
        if (TryAnnounce(_nomination, PathMessageKind.Nominate, current, now, out message)) return true;
        return TryAnnounce(_announcement, PathMessageKind.Candidates, current, now, out message);
    }

    private bool TryAnnounce(Announcement announcement, PathMessageKind kind, PeerPath path, Instant now, out PathMessage message)
    {
        message = default;
        if (announcement.Next > now) return false;
        announcement.Sent(now);
        path.Sent(MessageBytes, now);
        Asked(now);
        message = new PathMessage(kind, path.Endpoint) { Generation = announcement.Generation };
        return true;
    }

    private bool TryProbe(Instant now, out PathMessage message)
    {
        message = default;
        if (_pacedUntil > now) return false;
        var path = FirstDue(out var due);
        if (_mtu.NextAsk <= now && (_isOpened ? path is not { IsTriggered: true } : due > now) && _mtu.Path is { } searched)
        {
            _mtu.TryAsk(now, out var size);
            message = Ping(searched, size, now) with { DontFragment = true };
            return true;
        }

        if (path is null || due > now) return false;
        if (path.IsReserve || path == _current) _keepAlive.Redraw();
        message = _inSession ? Ping(path, PingBytes, now) : Handshake(path, now);
        return true;
    }

    private PathMessage Handshake(PeerPath path, Instant now)
    {
        var timeToLive = path.Schedule.TimeToLive;
        path.Probed(HandshakeBytes, isPlain: true, now);
        _pacedUntil = now + Pace;
        return new PathMessage(PathMessageKind.Handshake, path.Endpoint) { TimeToLive = timeToLive };
    }

    private PathMessage Ping(PeerPath path, int datagramBytes, Instant now)
    {
        var challenge = DrawChallenge();
        path.Challenges.Add(challenge, datagramBytes, now);
        path.Probed(datagramBytes, isPlain: datagramBytes == PingBytes, now);
        if (path == _current) Asked(now);
        _pacedUntil = now + Pace;
        return new PathMessage(PathMessageKind.Ping, path.Endpoint) { Challenge = challenge, PadTo = datagramBytes };
    }

    // PROTOCOL PATH-2: triggered ones first, then whoever waits longest; of those that wait equally long, the most promising.
    private PeerPath? FirstDue(out Instant due)
    {
        PeerPath? first = null;
        due = Instant.Never;
        for (var i = 0; i < _table.Count; i++)
        {
            var path = _table[i];
            var at = DueAt(path);
            if (at > due || (at == due && (first is null || path.Candidate.Kind >= first.Candidate.Kind))) continue;
            (first, due) = (path, at);
        }

        return first;
    }

    private Instant DueAt(PeerPath path)
    {
        if (!path.AffordsProbe(_inSession ? PingBytes : HandshakeBytes)) return Instant.Never;
        if (path.IsTriggered) return Instant.Zero;
        if (path == _current) return Instant.Min(path.Schedule.Next, _keepAlive.DueInUse(path));
        return path.IsReserve ? Instant.Min(path.Schedule.Next, _keepAlive.DueInReserve(path)) : path.Schedule.Next;
    }

    private void Replan()
    {
        _isStale = false;
        if (_replies.Count > 0)
        {
            _next = Instant.Zero;
            return;
        }

        if (_inSession) ChooseReserves();
        FirstDue(out var probe);
        probe = Instant.Max(Instant.Min(probe, _mtu.NextAsk), _pacedUntil);
        _next = Instant.Min(Instant.Min(probe, Instant.Min(_guess.Next, _prediction.Next)), Instant.Min(_mtu.GivesUpAt, _silence.NextTimeout));
        if (_current is not null) _next = Instant.Min(_next, Instant.Min(_nomination.Next, _announcement.Next));
        for (var i = 0; i < _table.Count; i++) _next = Instant.Min(_next, _table[i].LapsesAt);
    }
}
