using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Channel.Wire;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>One side as the program runs it: probes on a schedule, opens what arrives, sends what its sessions want sent.</summary>
internal sealed class HandshakePeer : IDisposable
{
    private static readonly int[] FirstProbesMs = [0, 100, 300, 700, 1500];

    private readonly HashSet<UdpEndpoint> _targets = [];
    private readonly byte[] _buffer = new byte[1500];
    private readonly byte[] _inner = new byte[1500];
    private Instant _pastedAt = Instant.Never;
    private Instant _probeAt = Instant.Never;
    private Instant _pingAt;
    private int _probes;
    private ulong _pings;

    public HandshakePeer(SeededRandom random, UdpEndpoint address, bool wantsToSend, Instant start, HandshakeOptions? options = null)
    {
        Span<byte> seed = stackalloc byte[32];
        random.Fill(seed);
        (Random, _pingAt) = (random, start);
        Key = StaticKey.FromSeed(seed);
        Address = address;
        Options = (options ?? new HandshakeOptions(wantsToSend, PostQuantum: false)) with { WantsToSend = wantsToSend };
        Handshaker = new Handshaker(Key, Options, random, start);
    }

    public SeededRandom Random { get; }

    public StaticKey Key { get; }

    /// <summary>What it knows of the way to its peer.</summary>
    public TimeSpan? RoundTrip { get; set; } = TimeSpan.FromMilliseconds(50);

    public UdpEndpoint Address { get; }

    public HandshakeOptions Options { get; }

    public Handshaker Handshaker { get; }

    /// <summary>Every session that ever began, the oldest first.</summary>
    public List<PeerSession> Made { get; } = [];

    /// <summary>Sessions that are not over.</summary>
    public IEnumerable<PeerSession> Live => Made.Where(session => !session.IsOver);

    /// <summary>The only live session.</summary>
    public PeerSession Session => Live.Single();

    /// <summary>Challenges of the pings that arrived, by session.</summary>
    public HashSet<(uint Index, ulong Challenge)> Heard { get; } = [];

    public Instant NextTimeout => Made.Select(session => session.NextTimeout).Append(_probeAt).Append(_pingAt).Min();

    public PasteResult Paste(HandshakePeer other, Instant now, UdpEndpoint? address = null)
    {
        var result = Handshaker.SetPeer(other.Key.Public, other.Options.WantsToSend, now);
        if (result == PasteResult.Taken) BeginProbing(address ?? other.Address, now);
        return result;
    }

    public PasteResult PasteBare(UdpEndpoint address, Instant now)
    {
        var result = Handshaker.SetBarePeer(address, now);
        if (result == PasteResult.Taken) BeginProbing(address, now);
        return result;
    }

    public IEnumerable<(byte[] Datagram, UdpEndpoint Destination)> Receive(byte[] datagram, UdpEndpoint remote, Instant now)
    {
        if (Handshaker.Accepts(datagram))
        {
            var outcome = Handshaker.Handle(datagram, remote, now);
            if (outcome.Session is { } made) Made.Add(made);
            if (outcome.Result != HandshakeResult.Ignored && Probe(remote, now) is { } triggered) yield return (triggered, remote);
        }
        else if (DatagramHeader.TryRead(datagram, out var header))
        {
            var index = header.ReceiverIndex;
            var session = Live.FirstOrDefault(session => session.LocalIndex == index);
            OpenedPacket opened = default;
            if (session is not null) session = session.TryOpen(datagram, remote, _inner, now, out opened) ? session : null;
            else if ((session = Handshaker.TryBegin(datagram, remote, _inner, now, out opened)) is not null) Made.Add(session);
            if (session is not null && PingPacket.TryRead(_inner.AsSpan(0, opened.Length), out var ping)) Heard.Add((index, ping.Challenge));
        }

        foreach (var sent in Drain(now)) yield return sent;
    }

    public IEnumerable<(byte[] Datagram, UdpEndpoint Destination)> Advance(Instant now)
    {
        if (_probeAt <= now)
        {
            _probes++;
            _probeAt = _probes < FirstProbesMs.Length
                ? _pastedAt + TimeSpan.FromMilliseconds(FirstProbesMs[_probes])
                : now + TimeSpan.FromMilliseconds(500);
            foreach (var target in _targets)
            {
                if (Probe(target, now) is { } probe) yield return (probe, target);
            }
        }

        // As a path's tests do: both sides speak once in a while.
        if (_pingAt <= now)
        {
            _pingAt = now + TimeSpan.FromMilliseconds(500);
            foreach (var session in Live.Where(session => session.IsReady))
            {
                var length = session.Seal(PacketType.Control, _inner.AsSpan(0, new PingPacket { Challenge = ++_pings }.Write(_inner)), _buffer);
                yield return (_buffer[..length], session.LastRemote);
            }
        }

        foreach (var session in Made) session.HandleTimeout(now);
        foreach (var sent in Drain(now)) yield return sent;
    }

    /// <summary>What the handshaker alone says to a datagram.</summary>
    public HandshakeResult Handler(byte[] datagram, UdpEndpoint remote, Instant now) => Handshaker.Handle(datagram, remote, now).Result;

    /// <summary>A copy of the attempt's first message, or <see langword="null"/> when there is nobody to send it to.</summary>
    public byte[]? Probe(UdpEndpoint destination, Instant now) =>
        Handshaker.TryWriteProbe(destination, _buffer, now, out var length) ? _buffer[..length] : null;

    public IEnumerable<(byte[] Datagram, UdpEndpoint Destination)> Drain(Instant now)
    {
        while (Handshaker.TryTransmitReply(_buffer, out var reply)) yield return (_buffer[..reply.Length], reply.Destination);
        foreach (var session in Made)
        {
            if (RoundTrip is { } roundTrip) session.PathMeasured(roundTrip);
            while (session.TryTransmitControl(_buffer, out var length)) yield return (_buffer[..length], session.LastRemote);
        }
    }

    public void Dispose()
    {
        Handshaker.Dispose();
        foreach (var session in Made) session.Dispose();
        Key.Dispose();
    }

    private void BeginProbing(UdpEndpoint address, Instant now)
    {
        _targets.Add(address);
        (_pastedAt, _probeAt, _probes) = (now, now, 0);
    }
}
