using System.Buffers.Binary;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>
/// All ways to one peer as a pure machine: when and where to probe, which path is valid, which one data takes, how large its datagrams
/// may be, whether the peer still is there. It holds no keys: its owner seals what it wants to have sent, and tells it what was opened.
/// </summary>
/// <example><code>
/// paths.SetPeerCandidates(ticket.Candidates, now);
/// while (paths.TryNext(now, out var message)) Send(message);      // after every input and timeout
/// paths.SessionBegan(isInitiator, remote, bytes, now);            // PINGs instead of handshakes from now on
/// paths.Received(remote, bytes, isNewest, isTransport, now);      // every authenticated datagram, before its PING or PONG
/// if (paths.Current is { } path) …                                // where data goes
/// </code></example>
internal sealed partial class PeerPaths
{
    // PING and PONG are of one size, so that an answer never is more than the question.
    private const int PingBytes = 60;
    private const int MessageBytes = 60;

    // The longest first message of a handshake, and the longest answer to one.
    private const int HandshakeBytes = 176;
    private const int HandshakeAnswerBytes = 176;
    private const int MostEvents = 32;

    // PROTOCOL PATH-1.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private readonly IRandomBytes _random;
    private readonly PathTable _table = new();
    private readonly KeepAlive _keepAlive;
    private readonly MtuSearch _mtu = new();
    private readonly Silence _silence = new();
    private readonly Announcement _nomination = new();
    private readonly Announcement _announcement = new();
    private readonly Newcomers _newcomers = new();
    private readonly ReplyQueue _replies = new();
    private readonly Queue<PathEvent> _events = new();
    private PeerPath? _current;
    private PeerPath? _nominated;
    private PeerPath? _heardLast;
    private UdpEndpoint _lastCurrent;
    private Instant _movedAt;
    private Instant _pacedUntil;
    private Instant _next = Instant.Never;
    private bool _isStale = true;
    private bool _inSession;
    private bool _isOpened;
    private bool _isInitiator;
    private uint _peerNomination;
    private uint _peerAnnouncement;

    /// <summary>No peer is known.</summary>
    /// <param name="random">Where challenges come from.</param>
    /// <param name="start">The time.</param>
    public PeerPaths(IRandomBytes random, Instant start)
    {
        _random = random;
        _keepAlive = new KeepAlive(random);
        _guess = new PortGuess(random);
        _pacedUntil = start;
        _silence.End();
    }

    /// <summary>
    /// The path that data takes: its far end answered a challenge and was heard within half a minute. None before the first, and none
    /// while the peer is silent for longer; what should be sent then may as well be dropped.
    /// </summary>
    public UdpEndpoint? Current => _current?.Endpoint;

    /// <summary>Whether there is a path that data takes.</summary>
    public bool HasCurrent => _current is not null;

    /// <summary>The same as <see cref="Current"/>, for each datagram; only while there is one.</summary>
    public UdpEndpoint CurrentEndpoint => _current!.Endpoint;

    /// <summary>Whether <see cref="TryReadEvent"/> has something.</summary>
    public bool HasEvents => _events.Count > 0;

    /// <summary>What kind of way the current path is.</summary>
    public PathRoute? CurrentRoute => _current?.Route;

    /// <summary>The smoothed round trip of the current path.</summary>
    public TimeSpan? RoundTrip => _current?.RoundTrips.Smoothed;

    /// <summary>Our own address as the peer last saw it on the current path.</summary>
    public UdpEndpoint? Observed { get; private set; }

    /// <summary>Whether there is a valid path and the size of its datagrams is known.</summary>
    public bool IsSettled => _isOpened && _mtu.IsDone;

    /// <summary>The largest datagram, bytes of UDP payload, that passes whole; final once <see cref="IsSettled"/>.</summary>
    public int DatagramBytes => _mtu.Largest;

    /// <summary>Whether the peer is silent although it has something to answer.</summary>
    public bool IsSuspect => _silence.IsSuspect;

    /// <summary>Addresses that are known.</summary>
    public int Known => _table.Count;

    /// <summary>What is known of each path.</summary>
    public IEnumerable<PathReport> Report()
    {
        for (var i = 0; i < _table.Count; i++)
        {
            var path = _table[i];
            yield return new(path.Candidate, path.Route, path.IsValid, path == _current, path.RoundTrips.Smoothed);
        }
    }

    /// <summary>Takes the next event.</summary>
    public bool TryReadEvent(out PathEvent happened) => _events.TryDequeue(out happened);

    /// <summary>
    /// The user has pasted a ticket, or a new one: its addresses are tried from now on. Addresses of earlier tickets stay as long as there
    /// is room, and paths that work stay in any case.
    /// </summary>
    public void SetPeerCandidates(IReadOnlyList<Candidate> candidates, Instant now)
    {
        _silence.Hope(now);
        _table.BeginList();
        for (var i = 0; i < Math.Min(candidates.Count, PathTable.MostTold); i++)
            if (_table.AddTold(candidates[i], _current, out _) is { } path) BeginPlan(path, now);
        if (_silence.IsSuspect) BeginPlans(now);
        if (!_inSession) BeginCrossing(now);
        _isStale = true;
    }

    /// <summary>The peer names its addresses within the session, all of them. It is answered; old news changes nothing.</summary>
    public void CandidatesReceived(UdpEndpoint remote, uint generation, IReadOnlyList<Candidate> candidates, Instant now)
    {
        if (!_inSession) return;
        Reply(new PathMessage(PathMessageKind.Candidates, remote) { Generation = generation, IsAnswer = true }, now);
        if (generation <= _peerAnnouncement) return;
        _peerAnnouncement = generation;
        _isStale = true;
        _table.BeginList();
        for (var i = 0; i < Math.Min(candidates.Count, PathTable.MostTold); i++)
        {
            if (_table.Find(candidates[i].Endpoint) is null && !_newcomers.TryAdmit(now)) continue;
            if (_table.AddTold(candidates[i], _current, out var isNew) is { } path && isNew) BeginPlan(path, now);
        }
    }

    /// <summary>Our own addresses have changed or become more: the peer is told until it answers. The owner knows them.</summary>
    public void AnnounceCandidates(Instant now)
    {
        if (!_inSession) return;
        _announcement.Begin(now);
        _isStale = true;
    }

    /// <summary>The peer has our addresses.</summary>
    public void CandidatesAnswered(uint generation)
    {
        _announcement.Answered(generation);
        _isStale = true;
    }

    /// <summary>This computer's address has changed, or sending fails: all known addresses of the peer are tried at once.</summary>
    public void LocalAddressChanged(Instant now)
    {
        if (_inSession && !_silence.IsSuspect) Suspect(now);
        else BeginPlans(now);
    }

    /// <summary>
    /// An authenticated first message of a handshake came from there, which its owner may answer: the address is probed at once, as RFC 8445
    /// §7.3.1.4 triggers checks.
    /// </summary>
    public void AddressHeard(UdpEndpoint remote, int bytes, Instant now) => Hear(remote, bytes, now)?.Answered(HandshakeAnswerBytes);

    /// <summary>A session lives. From now on probes are PINGs; the way it came is tried first.</summary>
    /// <param name="isInitiator">Whether this side began it.</param>
    /// <param name="firstRemote">Where what completed the handshake came from.</param>
    /// <param name="bytes">How long that was; 0 if <see cref="Received"/> is told of it too.</param>
    /// <param name="now">The time.</param>
    public void SessionBegan(bool isInitiator, UdpEndpoint firstRemote, int bytes, Instant now)
    {
        ForgetSession();
        PauseCrossing();
        (_inSession, _isInitiator) = (true, isInitiator);
        _silence.Begin(now);
        BeginPlans(now);
        var path = Hear(firstRemote, bytes, now);
        if (isInitiator && path is { ToldIn: not 0 }) LendTo(path, now);
    }

    /// <summary>The session is over. Addresses that the peer told are probed with handshakes again.</summary>
    public void SessionEnded(Instant now)
    {
        ForgetSession();
        _table.ForgetLearned();
        BeginPlans(now);
        BeginCrossing(now);
    }

    // PROTOCOL PATH-5.
    private void LendTo(PeerPath path, Instant now)
    {
        path.Lend();
        _heardLast = path;
        SearchEarly(path, now);
    }

    private ProbePlan Plan => _silence.IsSuspect ? ProbePlan.Search : _isOpened ? ProbePlan.Test : ProbePlan.Fast;

    private void ForgetSession()
    {
        (_inSession, _isOpened) = (false, false);
        (_current, _nominated, _heardLast, Observed) = (null, null, null, null);
        (_peerNomination, _peerAnnouncement) = (0, 0);
        _lastCurrent = default;
        _silence.End();
        _mtu.Reset();
        _nomination.Reset();
        _announcement.Reset();
        _replies.Clear();
        for (var i = 0; i < _table.Count; i++) _table[i].Forget();
    }

    private void BeginPlans(Instant now)
    {
        for (var i = 0; i < _table.Count; i++) BeginPlan(_table[i], now);
        _isStale = true;
    }

    // All have just been probed by another plan, so the first step, which would be now, is left out.
    private void GoOnTesting(Instant now)
    {
        for (var i = 0; i < _table.Count; i++)
        {
            _table[i].Schedule.Begin(ProbePlan.Test, now);
            _table[i].Schedule.Advance(now);
        }
    }

    private PeerPath? Hear(UdpEndpoint remote, int bytes, Instant now)
    {
        if ((_table.Find(remote) ?? Learn(remote, now)) is not { } path) return null;
        var isFirst = path.HeardAt is null;
        path.Heard(bytes, now);
        if (isFirst) BeginPlan(path, now);
        Trigger(path, now);
        return path;
    }

    private PeerPath? Learn(UdpEndpoint remote, Instant now)
    {
        if (_table.Learn(remote, _current) is not { } path) return null;

        // A path object serves again when its address is given up; nobody may take it for what it was.
        if (path == _nominated) _nominated = null;
        if (path == _heardLast) _heardLast = null;
        if (path == _mtu.Path && !_mtu.IsDone) _mtu.Reset();
        BeginPlan(path, now);
        return path;
    }

    private void Trigger(PeerPath path, Instant now)
    {
        _isStale = true;
        if (path.ProbedAt is not { } probed || now - probed >= RetriggerAfter) path.IsTriggered = true;
    }

    private void Tell(PathEventKind kind, UdpEndpoint path, UdpEndpoint former = default)
    {
        if (_events.Count == MostEvents) _events.Dequeue();
        _events.Enqueue(new PathEvent(kind, path, former, _silence.HeardAt));
    }

    private ulong DrawChallenge()
    {
        Span<byte> bytes = stackalloc byte[8];
        _random.Fill(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
