using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Paths;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Simulation.Paths;

/// <summary>
/// One side: the paths, the least handshake that two tickets need (the smaller id initiates), and a transport that sends a datagram now
/// and then once the paths are settled.
/// </summary>
internal sealed class PathPeer : IDatagramProtocol
{
    private const int Window = 4096;
    private static readonly TimeSpan Rhythm = TimeSpan.FromMilliseconds(50);

    private readonly uint _id;
    private readonly uint _peer;
    private readonly PathLedger _ledger;
    private readonly Queue<UdpEndpoint> _responses = [];
    private readonly ulong[] _seen = new ulong[Window];
    private ulong _counter;
    private ulong _newest;
    private Instant _nextData = Instant.Never;
    private bool _pasted;
    private bool _met;
    private long _data;

    public PathPeer(SimNetwork network, SimHost host, ushort port, uint id, uint peer)
    {
        (_id, _peer) = (id, peer);
        Name = host.Name;
        Paths = new PeerPaths(network.RandomFor($"paths-{host.Name}"), network.Now);
        _ledger = new PathLedger(network, host.Name);
        Socket = host.Bind(port, this, ReadEvents);
    }

    public string Name { get; }

    public PeerPaths Paths { get; }

    public SimSocket Socket { get; }

    public bool InSession { get; private set; }

    public List<PathEvent> Events { get; } = [];

    /// <summary>When the peer sent the newest of its data that arrived.</summary>
    public Instant NewestData { get; private set; }

    /// <summary>Where its last data came from.</summary>
    public UdpEndpoint DataFrom { get; private set; }

    public long Probes => _ledger.Probes;

    /// <summary>What is told when <see cref="PeerPaths.AnnounceCandidates"/> asks for it; the channel between has no room for it here.</summary>
    public IReadOnlyList<Candidate> PeersOwn { get; set; } = [];

    public bool IsMuted { get; set; }

    public Instant NextTimeout => Instant.Min(Paths.NextTimeout, _nextData);

    public void Paste(IReadOnlyList<Candidate> candidates, Instant now)
    {
        _pasted = true;
        foreach (var candidate in candidates) _ledger.Told(candidate.Endpoint);
        Paths.SetPeerCandidates(candidates, now);
    }

    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => datagram.Length >= PathFrame.Overhead;

    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (PathFrame.Sender(datagram) != _peer || !_pasted) return;
        _ledger.Received(remote, datagram.Length);
        switch (datagram[0])
        {
            case PathFrame.Init:
                _met = true;
                if (_id > _peer) _responses.Enqueue(remote);
                if (!InSession) Paths.AddressHeard(remote, datagram.Length, now);
                break;
            case PathFrame.Response:
                if (_id > _peer || InSession) break;
                _ledger.Begun(remote);
                Begin(remote, datagram.Length, now);
                break;
            default:
                if (!InSession && _id > _peer && _met) Begin(remote, 0, now);
                if (InSession) HandleSealed(datagram, remote, now);
                break;
        }
    }

    public void HandleTimeout(Instant now) => Paths.HandleTimeout(now);

    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        if (_responses.TryDequeue(out var to))
        {
            transmit = Send(PathFrame.Write(buffer, PathFrame.Response, _id, 0, 0, PathFrame.ResponseBytes), to, now);
            return true;
        }

        while (Paths.TryNext(now, out var message))
            if (TryWrite(message, buffer, now, out transmit)) return true;
        return TryTransmitData(buffer, now, out transmit);
    }

    public override string ToString() =>
        $"{Name}: current {Paths.Current}, heard data of {NewestData}, events {string.Join(", ", Events.Select(e => $"{e.Kind} {e.Path}"))}";

    private void Begin(UdpEndpoint remote, int bytes, Instant now)
    {
        InSession = true;
        Paths.SessionBegan(_id < _peer, remote, bytes, now);
    }

    private void HandleSealed(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        var (kind, counter, value) = (datagram[0], PathFrame.Counter(datagram), PathFrame.Value(datagram));
        if (counter + Window <= _newest || _seen[counter % Window] == counter) return;
        _seen[counter % Window] = counter;
        var isNewest = counter > _newest;
        _newest = Math.Max(_newest, counter);
        Paths.Received(remote, datagram.Length, isNewest, kind == PathFrame.Transport, now);
        switch (kind)
        {
            case PathFrame.Transport:
                NewestData = Instant.Max(NewestData, new Instant((long)value));
                if (isNewest) DataFrom = remote;
                if (isNewest) _ledger.Compare(remote, Paths.Current, now);
                break;
            case PathFrame.Ping:
                Paths.PingReceived(remote, value, datagram.Length, now);
                break;
            case PathFrame.Pong:
                _ledger.Answered(remote, value);
                Paths.PongReceived(remote, value, Socket.Local, datagram.Length, now);
                break;
            case PathFrame.Nominate:
                Paths.NominationReceived(remote, (uint)value, now);
                break;
            case PathFrame.NominateAnswer:
                Paths.NominationAnswered((uint)value);
                break;
            case PathFrame.Candidates:
                foreach (var candidate in PeersOwn) _ledger.Told(candidate.Endpoint);
                Paths.CandidatesReceived(remote, (uint)value, PeersOwn, now);
                break;
            case PathFrame.CandidatesAnswer:
                Paths.CandidatesAnswered((uint)value);
                break;
        }
    }

    private bool TryWrite(in PathMessage message, Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        var (kind, value, length) = message.Kind switch
        {
            PathMessageKind.Handshake => (PathFrame.Init, 0UL, PathFrame.InitBytes),
            PathMessageKind.Ping => (PathFrame.Ping, message.Challenge, message.PadTo),
            PathMessageKind.Pong => (PathFrame.Pong, message.Challenge, Math.Max(PathFrame.PongBytes, message.PadTo)),
            PathMessageKind.Nominate => (message.IsAnswer ? PathFrame.NominateAnswer : PathFrame.Nominate, (ulong)message.Generation, 38),
            _ => (message.IsAnswer ? PathFrame.CandidatesAnswer : PathFrame.Candidates, message.Generation, 60),
        };
        if (kind == PathFrame.Init && !_pasted) return false;
        if (kind == PathFrame.Ping) _ledger.Asked(message.Destination, value);
        var counter = kind == PathFrame.Init ? 0 : ++_counter;
        transmit = Send(PathFrame.Write(buffer, kind, _id, counter, value, length), message.Destination, now, message.DontFragment, buffer[0]);
        return true;
    }

    private bool TryTransmitData(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (_nextData == Instant.Never && Paths.IsSettled) _nextData = now;
        if (_nextData > now) return false;
        _nextData = now + Rhythm;
        if (IsMuted || Paths.Current is not { } current) return false;
        var length = _data++ % 8 == 0 ? Paths.DatagramBytes : 100;
        transmit = Send(
            PathFrame.Write(buffer, PathFrame.Transport, _id, ++_counter, (ulong)now.Microseconds, length), current, now, kind: PathFrame.Transport);
        Paths.DataSent(length, now);
        return true;
    }

    private Transmit Send(int length, UdpEndpoint to, Instant now, bool dontFragment = false, byte kind = PathFrame.Response)
    {
        _ledger.Sent(to, length, kind is PathFrame.Init or PathFrame.Ping, kind == PathFrame.Transport, dontFragment, now);
        return new Transmit(length, to, DontFragment: dontFragment);
    }

    private void ReadEvents(Instant now)
    {
        while (Paths.TryReadEvent(out var happened)) Events.Add(happened);
    }
}
