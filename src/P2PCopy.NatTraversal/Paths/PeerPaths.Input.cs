using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <content>What came from the peer.</content>
internal sealed partial class PeerPaths
{
    // PROTOCOL PATH-7.
    private static readonly TimeSpan RetriggerAfter = TimeSpan.FromMilliseconds(50);

    /// <summary>A datagram of the session was opened. To be told before what it contains.</summary>
    /// <param name="remote">Where it came from.</param>
    /// <param name="bytes">Bytes of the whole datagram.</param>
    /// <param name="isNewest">Whether its counter is above all seen.</param>
    /// <param name="isTransport">Whether it carries the transport, rather than a message of the channel itself.</param>
    /// <param name="now">The time.</param>
    public void Received(UdpEndpoint remote, int bytes, bool isNewest, bool isTransport, Instant now)
    {
        if (!_inSession) return;
        if (_current is { } current && current.Endpoint == remote)
        {
            current.Heard(bytes, now);
            _silence.Heard(now);
            if (_silence.IsSuspect) Restore(now);
            return;
        }

        ReceivedElsewhere(remote, bytes, isNewest, isTransport, now);
    }

    /// <summary>A PING came: it is answered, where that cannot be abused.</summary>
    public void PingReceived(UdpEndpoint remote, ulong challenge, int datagramBytes, Instant now)
    {
        // Only a question that was padded on purpose asks whether its size passes.
        var asksForSize = datagramBytes > PingBytes;
        Reply(new PathMessage(PathMessageKind.Pong, remote)
        {
            Challenge = challenge,
            PadTo = Math.Max(datagramBytes, PingBytes),
            DontFragment = asksForSize,
        }, now);
    }

    /// <summary>A PONG came.</summary>
    /// <param name="remote">Where it came from.</param>
    /// <param name="challenge">Its challenge.</param>
    /// <param name="observed">Our own address as the peer saw it.</param>
    /// <param name="datagramBytes">Bytes of the whole datagram.</param>
    /// <param name="now">The time.</param>
    public void PongReceived(UdpEndpoint remote, ulong challenge, UdpEndpoint observed, int datagramBytes, Instant now)
    {
        // PROTOCOL PATH-4.
        if (!_inSession || _table.Find(remote) is not { } path) return;
        if (!path.Challenges.TryTake(challenge, out var asked, out var sentAt)) return;
        _isStale = true;
        path.Validate();
        path.RoundTrips.Add(now - sentAt);
        _mtu.Answered(path, Math.Min(asked, datagramBytes));
        Decide(path, now);
        if (path == _current) Observed = observed;
    }

    /// <summary>The initiator of the session chose a path.</summary>
    public void NominationReceived(UdpEndpoint remote, uint generation, Instant now)
    {
        // PROTOCOL PATH-11.
        if (!_inSession || _isInitiator || _table.Find(remote) is not { } path) return;
        Reply(new PathMessage(PathMessageKind.Nominate, remote) { Generation = generation, IsAnswer = true }, now);
        if (generation <= _peerNomination) return;
        _peerNomination = generation;
        _nominated = path;
        if (path == _current) return;
        if (path.IsValid) MoveTo(path, now);
        else Trigger(path, now);
    }

    /// <summary>The peer follows our choice.</summary>
    public void NominationAnswered(uint generation)
    {
        _nomination.Answered(generation);
        _isStale = true;
    }

    private void ReceivedElsewhere(UdpEndpoint remote, int bytes, bool isNewest, bool isTransport, Instant now)
    {
        if (_table.Find(remote) is not { } path)
        {
            // PROTOCOL PATH-7.
            if (!isNewest || Learn(remote, now) is not { } learned) return;
            path = learned;
            path.IsNewSource = true;
        }

        _isStale = true;
        path.Heard(bytes, now);
        _heardLast = path;
        if (isTransport || _current is null) _silence.Heard(now);
        if (!path.IsValid) Trigger(path, now);
        SearchEarly(path, now);
        if (isTransport && isNewest) Follow(path, now);
    }

    // PROTOCOL PATH-10: what an address affords is asked before it has proved itself, after one plain question that passes everywhere.
    private void SearchEarly(PeerPath path, Instant now)
    {
        if (_isOpened || _mtu.Path is not null || !path.Affords(PingBytes + MtuSearch.QuestionBytes)) return;
        path.IsTriggered = true;
        _mtu.Begin(path, now);
    }

    private void Reply(in PathMessage reply, Instant now)
    {
        // PROTOCOL PATH-5: counted as soon as it waits, so that nothing else takes what it needs.
        var bytes = Math.Max(reply.PadTo, MessageBytes);
        if (!_inSession || _replies.IsFull || _table.Find(reply.Destination) is not { } path || !path.Affords(bytes)) return;
        path.Sent(bytes, now);
        _replies.Add(reply);
        _isStale = true;
    }
}
