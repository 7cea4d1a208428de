using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>The answering half: decides who gets an answer to a first message, and brings sessions to life that others began.</summary>
internal sealed class HelloReceiver(
    StaticKey key,
    HandshakeOptions options,
    IRandomBytes random,
    PeerTarget target,
    LiveSessions sessions,
    HandshakeLimits limits,
    HandshakeCounters counters,
    Instant start) : IDisposable
{
    private readonly ReceivedHellos _hellos = new();
    private readonly ReplyQueue _replies = new();
    private TokenBucket _finishes = new(10, 10, start);

    /// <summary>Handshakes that are remembered; never more than <see cref="ReceivedHellos.Capacity"/>.</summary>
    public int Remembered => _hellos.Count;

    /// <summary>
    /// Whether this side is just answering its peer, so that its own attempt of the same kind must rest: two sessions would come of it.
    /// </summary>
    // PROTOCOL HSK-6.
    public bool IsAnswering(PacketType type, Instant now)
    {
        _hellos.Expire(now);
        return _hellos.AnyAnswered(hello => hello.Type == type && (type == PacketType.HelloXX || hello.RemoteKey == target.Ticket));
    }

    /// <summary>An INIT whose sum is right.</summary>
    public HandshakeOutcome HandleInit(HandshakePacket packet, UdpEndpoint remote, Instant now)
    {
        _hellos.Expire(now);
        if (_hellos.Find(packet) is { } known) return HandleCopy(known, packet, remote, now);
        if (target.Pin is null && sessions.IsFull) return Refuse(() => counters.TooManyStrangers++);
        if (Open(packet, remote, now) is not { RemoteKey: { } sender } hello) return HandshakeOutcome.Ignored;
        if (!IsWelcome(sender, now))
        {
            hello.Dispose();
            return HandshakeOutcome.Ignored;
        }

        // PROTOCOL HSK-6: of two that hold each other's ticket the smaller key begins, so the larger one's INIT is only news of an address.
        return Keep(hello, packet, remote, now, isAnswered: target.Ticket is null || sender < key.Public);
    }

    /// <summary>A HELLO-XX whose sum is right, from the pasted address.</summary>
    /// <param name="packet">The datagram.</param>
    /// <param name="remote">From where.</param>
    /// <param name="own">The ephemeral key of this side's own attempt.</param>
    /// <param name="now">The time.</param>
    public HandshakeOutcome HandleHelloXX(HandshakePacket packet, UdpEndpoint remote, PublicKey own, Instant now)
    {
        _hellos.Expire(now);
        if (_hellos.Find(packet) is { } known) return HandleCopy(known, packet, remote, now);
        if (sessions.IsFull) return Refuse(() => counters.TooManyStrangers++);
        if (HasBareAlive(now)) return Refuse(() => counters.SecondSessions++);
        var ephemeral = new PublicKey(packet.Message[..PublicKey.Length]);
        if (ephemeral == own || Open(packet, remote, now) is not { } hello) return HandshakeOutcome.Ignored;

        // PROTOCOL HSK-15.
        return Keep(hello, packet, remote, now, isAnswered: ephemeral < own);
    }

    /// <summary>The third message of Noise XX, with a right sum.</summary>
    public HandshakeOutcome HandleFinish(HandshakePacket packet, UdpEndpoint remote, Instant now)
    {
        _hellos.Expire(now);
        if (_hellos.FindWaiting(packet.ReceiverIndex) is not { Type: PacketType.HelloXX } hello) return Refuse(() => counters.Unexpected++);
        if (hello.Session is not null) return Refuse(() => counters.Copies++);
        if (!_finishes.TryTake(now)) return Refuse(() => counters.Limited++);
        counters.Opened++;
        if (!hello.TryFinish(packet, remote, random, now)) return Refuse(() => counters.Forged++);
        if (IsWelcome(hello.RemoteKey!.Value, now)) return HandshakeOutcome.AddressHeard;
        _hellos.Remove(hello);
        return HandshakeOutcome.Ignored;
    }

    /// <summary>Opens the first sealed datagram of a session that somebody else began: with it the session comes to life.</summary>
    // PROTOCOL HSK-10.
    public PeerSession? TryBegin(ReadOnlySpan<byte> datagram, uint index, UdpEndpoint remote, Span<byte> inner, Instant now, out OpenedPacket opened)
    {
        opened = default;
        if (_hellos.FindWaiting(index) is not { Session: { } session } hello) return null;
        if (!session.TryOpen(datagram, remote, inner, now, out opened)) return null;
        var sender = session.RemoteKey;
        var trust = target.TrustOf(sender, hello.Type == PacketType.HelloXX);
        var isRefused = !IsWelcome(sender, now) || (trust != PeerTrust.Ticket && sessions.IsFull);
        if (isRefused || session.IsOver)
        {
            // Told so at once; else it would take the silence for loss.
            session.Close(CloseReason.NotChosen);
            while (_replies.Next is { Length: > 0 } reply && session.TryTransmitControl(reply, out var length)) _replies.Commit(length, remote);
            _hellos.Remove(hello);
            return null;
        }

        sessions.Add(hello.Release(trust));
        return session;
    }

    /// <summary>Another target: who is not welcome any more is forgotten, and who begins by the rule does not answer.</summary>
    public void Retarget()
    {
        _hellos.RemoveWhere(hello => !hello.HasBegun
            && (hello.Type == PacketType.HelloXX ? target.Ticket is not null : !target.Allows(hello.RemoteKey!.Value)));
        _hellos.ForEach(hello => hello.IsAnswered &= target.Ticket is null || hello.RemoteKey < key.Public);
    }

    /// <summary>Another attempt of this side's own in Noise XX: who begins may be decided otherwise than before.</summary>
    public void ForgetUnansweredXX() => _hellos.RemoveWhere(hello => hello.Type == PacketType.HelloXX && !hello.IsAnswered && !hello.HasBegun);

    /// <summary>Takes the next answer.</summary>
    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _replies.TryTake(buffer, out transmit);

    /// <summary>Whether any session or attempt uses this index.</summary>
    public bool IsTaken(uint index) => _hellos.FindWaiting(index) is not null;

    /// <summary>Wipes all secrets.</summary>
    public void Dispose() => _hellos.RemoveWhere(_ => true);

    private ReceivedHello? Open(HandshakePacket packet, UdpEndpoint remote, Instant now)
    {
        // PROTOCOL HSK-9: before any Diffie-Hellman operation.
        if (!limits.TryTake(remote, now))
        {
            counters.Limited++;
            return null;
        }

        counters.Opened++;
        var hello = ReceivedHello.TryOpen(packet, key, options, random);
        if (hello is null) counters.Forged++;
        return hello;
    }

    private bool IsWelcome(PublicKey sender, Instant now)
    {
        if (sender == key.Public || !target.Allows(sender)) counters.WrongKey++;
        else if (sessions.HasAlive(sender, now)) counters.SecondSessions++;
        else return true;
        return false;
    }

    private HandshakeOutcome Keep(ReceivedHello hello, HandshakePacket packet, UdpEndpoint remote, Instant now, bool isAnswered)
    {
        hello.LastHeard = now;
        _hellos.Add(hello);
        if (isAnswered)
        {
            hello.Answer(remote, NewIndex(), random, now);
            counters.Answered++;
            Reply(hello, packet.AttemptId, remote);
        }
        else hello.Settle();

        return HandshakeOutcome.AddressHeard;
    }

    private HandshakeOutcome HandleCopy(ReceivedHello hello, HandshakePacket packet, UdpEndpoint remote, Instant now)
    {
        counters.Copies++;
        if (IsOldNews(hello, now)) return HandshakeOutcome.Ignored;
        hello.LastHeard = now;
        if (hello.IsAnswered) Reply(hello, packet.AttemptId, remote);
        return HandshakeOutcome.AddressHeard;
    }

    // Anybody can send a copy again from anywhere; once there is a session its own datagrams tell where the peer is.
    private bool IsOldNews(ReceivedHello hello, Instant now) =>
        hello.HasBegun || (hello.RemoteKey is { } sender ? sessions.HasAlive(sender, now) : HasBareAlive(now));

    private bool HasBareAlive(Instant now) => sessions.All.Any(session => session.Trust == PeerTrust.Bare && session.IsAlive(now));

    private void Reply(ReceivedHello hello, ulong attemptId, UdpEndpoint remote)
    {
        if (_replies.Next is { Length: > 0 } reply) _replies.Commit(hello.WriteAnswer(attemptId, reply), remote);
    }

    private uint NewIndex()
    {
        uint index;
        do index = HandshakeIndex.Draw(random);
        while (IsTaken(index) || sessions.All.Any(session => session.LocalIndex == index));
        return index;
    }

    private static HandshakeOutcome Refuse(Action count)
    {
        count();
        return HandshakeOutcome.Ignored;
    }
}
