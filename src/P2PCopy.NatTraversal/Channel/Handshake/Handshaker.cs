using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Noise;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>
/// Makes sessions. What it sends into the world is one first message per attempt, the same bytes to every address, so that probing for a
/// path and beginning a handshake are the same thing; who does not hold this side's ticket, or was not pasted, gets no answer at all.
/// </summary>
internal sealed class Handshaker : IDisposable
{
    private readonly StaticKey _key;
    private readonly HandshakeOptions _options;
    private readonly IRandomBytes _random;
    private readonly uint _initIndex;
    private readonly HandshakeMac _mac;
    private readonly PeerTarget _target = new();
    private readonly LiveSessions _sessions = new();
    private readonly HandshakeLimits _limits;
    private readonly HelloReceiver _receiver;
    private TokenBucket _answers;
    private OwnAttempt? _attempt;

    /// <summary>A side to which nobody has been named yet: it answers holders of its ticket.</summary>
    /// <param name="key">This run's key; stays the caller's and must outlive this.</param>
    /// <param name="options">What to tell others.</param>
    /// <param name="random">A cryptographic source.</param>
    /// <param name="start">The time.</param>
    public Handshaker(StaticKey key, HandshakeOptions options, IRandomBytes random, Instant start)
    {
        (_key, _options, _random) = (key, options, random);
        _initIndex = KeySchedule.InitIndex(key.Public);
        _mac = HandshakeMac.To(key.Public);
        _limits = new HandshakeLimits(start);
        _answers = new TokenBucket(10, 10, start);
        _receiver = new HelloReceiver(key, options, random, _target, _sessions, _limits, Counters, start);
    }

    /// <summary>What was refused, and why.</summary>
    public HandshakeCounters Counters { get; } = new();

    /// <summary>The sessions that are not over, the oldest first.</summary>
    public IReadOnlyList<PeerSession> Sessions => _sessions.All;

    /// <summary>Handshakes of others that are remembered: a bounded number, whatever arrives.</summary>
    public int Remembered => _receiver.Remembered;

    /// <summary>Networks whose rate is remembered: a bounded number, whatever arrives.</summary>
    public int RememberedNetworks => _limits.Sources;

    /// <summary>
    /// A full ticket was pasted: from now on only this key is spoken to. The same key again changes nothing; another one takes its place
    /// while no session with a known peer lives. Sessions with others are closed.
    /// </summary>
    public PasteResult SetPeer(PublicKey peer, bool peerWantsToSend, Instant now)
    {
        if (peer == _key.Public) return PasteResult.OwnKey;
        if (X25519.IsLowOrder(peer)) return PasteResult.UselessKey;
        if (peerWantsToSend == _options.WantsToSend) return PasteResult.SameRole;
        if (_target.Ticket == peer) return PasteResult.Taken;
        if (_sessions.All.Any(session => session.Trust == PeerTrust.Ticket && session.RemoteKey != peer)) return PasteResult.Busy;
        (_target.Ticket, _target.Chosen) = (peer, null);
        Retarget();
        return PasteResult.Taken;
    }

    /// <summary>
    /// A bare address was pasted: Noise XX is spoken with it from any of its ports. After a ticket was pasted this is refused, since
    /// nobody may talk us into less.
    /// </summary>
    public PasteResult SetBarePeer(UdpEndpoint address, Instant now)
    {
        if (_target.Ticket is not null || _sessions.All.Any(session => session.Trust != PeerTrust.OneWayTicket)) return PasteResult.Busy;
        if (_target.Bare is { } old && !old.SameAddress(address)) DropAttempt();
        _target.Bare = address;
        return PasteResult.Taken;
    }

    /// <summary>The words of this session were right: it is the peer from now on, and all others are closed.</summary>
    public void Choose(PeerSession session)
    {
        _target.Chosen = session.RemoteKey;
        Retarget();
    }

    /// <summary>Whether a datagram is one of a handshake.</summary>
    public static bool Accepts(ReadOnlySpan<byte> datagram) =>
        DatagramHeader.TryRead(datagram, out var header) && HandshakePacket.LengthOf(header.Type) > 0;

    /// <summary>A datagram of a handshake arrived; answers are queued.</summary>
    public HandshakeOutcome Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (!HandshakePacket.TryRead(datagram, out var packet))
        {
            Counters.Malformed++;
            return HandshakeOutcome.Ignored;
        }

        if (!IsExpected(packet, remote))
        {
            Counters.Unexpected++;
            return HandshakeOutcome.Ignored;
        }

        if (!(packet.Type is PacketType.Init or PacketType.Response ? _mac : HandshakeMac.Bare).Verify(datagram))
        {
            Counters.WrongSum++;
            return HandshakeOutcome.Ignored;
        }

        return packet.Type switch
        {
            PacketType.Init => _receiver.HandleInit(packet, remote, now),
            PacketType.HelloXX => _receiver.HandleHelloXX(packet, remote, EnsureAttempt().Ephemeral, now),
            PacketType.FinishXX => _receiver.HandleFinish(packet, remote, now),
            _ => HandleAnswer(packet, remote, now),
        };
    }

    /// <summary>
    /// Opens a sealed datagram that belongs to no session yet: the first one of a session that somebody else began. It comes to life by it.
    /// </summary>
    /// <param name="datagram">Whatever arrived.</param>
    /// <param name="remote">From where.</param>
    /// <param name="inner">Takes what was sealed in it, as <see cref="PeerSession.TryOpen"/> gives it.</param>
    /// <param name="now">The time.</param>
    /// <param name="opened">What it was.</param>
    /// <returns>The new session, or <see langword="null"/> when it was nothing.</returns>
    public PeerSession? TryBegin(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Span<byte> inner, Instant now, out OpenedPacket opened)
    {
        opened = default;
        if (!DatagramHeader.TryRead(datagram, out var header)) return null;
        var session = _receiver.TryBegin(datagram, header.ReceiverIndex, remote, inner, now, out opened);
        if (session is not null) DropAttempt();
        return session;
    }

    /// <summary>
    /// Writes the first message of this side's attempt, if there is somebody to talk to and no session yet: the same bytes for every
    /// destination of an attempt.
    /// </summary>
    // PROTOCOL HSK-4.
    public bool TryWriteProbe(UdpEndpoint destination, Span<byte> buffer, Instant now, out int length)
    {
        length = 0;
        if (_target.Ticket is null && !_target.IsBare(destination)) return false;
        if (_sessions.All.Any(session => session.Trust == PeerTrust.Bare || session.RemoteKey == _target.Pin)) return false;
        var datagram = EnsureAttempt().Datagram;
        datagram.CopyTo(buffer);
        length = datagram.Length;
        _limits.Expect(destination);
        return true;
    }

    /// <summary>Takes the next answer that waits to be sent.</summary>
    public bool TryTransmitReply(Span<byte> buffer, out Transmit transmit) => _receiver.TryTransmit(buffer, out transmit);

    /// <summary>Wipes all secrets; sessions stay their owner's.</summary>
    public void Dispose()
    {
        DropAttempt();
        _receiver.Dispose();
    }

    // Cheap questions first: who gets past them costs one HMAC.
    private bool IsExpected(HandshakePacket packet, UdpEndpoint remote) => packet.Type switch
    {
        // PROTOCOL HSK-2.
        PacketType.Init => packet.ReceiverIndex == _initIndex,
        PacketType.Response => _attempt is { } attempt && attempt.IsNamedBy(packet),
        PacketType.HelloXX => packet.ReceiverIndex == HandshakeIndex.Bare && _target.IsBare(remote),
        PacketType.ResponseXX => _target.IsBare(remote) && _attempt is { } attempt && attempt.IsNamedBy(packet),
        _ => _target.IsBare(remote),
    };

    private HandshakeOutcome HandleAnswer(HandshakePacket packet, UdpEndpoint remote, Instant now)
    {
        // PROTOCOL HSK-6: whoever answers its peer does not begin as well.
        if (_receiver.IsAnswering(packet.Type == PacketType.Response ? PacketType.Init : PacketType.HelloXX, now))
        {
            Counters.Unexpected++;
            return HandshakeOutcome.Ignored;
        }

        if (!_answers.TryTake(now))
        {
            Counters.Limited++;
            return HandshakeOutcome.Ignored;
        }

        Counters.Opened++;
        if (_attempt!.TryFinish(packet, remote, _random, now) is not { } session)
        {
            Counters.Forged++;
            return HandshakeOutcome.Ignored;
        }

        session.Trust = _target.TrustOf(session.RemoteKey, packet.Type == PacketType.ResponseXX);
        DropAttempt();
        if (!_target.Allows(session.RemoteKey) || _sessions.HasAlive(session.RemoteKey, now))
        {
            Counters.WrongKey++;
            session.Dispose();
            return HandshakeOutcome.Ignored;
        }

        _sessions.Add(session);
        return new HandshakeOutcome(HandshakeResult.SessionMade, session);
    }

    private OwnAttempt EnsureAttempt()
    {
        if (_attempt is not null) return _attempt;
        _receiver.ForgetUnansweredXX();
        return _attempt = new OwnAttempt(_key, _target.Ticket, _options, _random, HandshakeIndex.Draw(_random));
    }

    private void DropAttempt()
    {
        _attempt?.Dispose();
        _attempt = null;
    }

    private void Retarget()
    {
        DropAttempt();
        foreach (var session in _sessions.All.ToArray())
        {
            if (_target.Pin == session.RemoteKey) session.Trust = PeerTrust.Ticket;
            else session.Close(CloseReason.NotChosen);
        }

        _receiver.Retarget();
    }
}
