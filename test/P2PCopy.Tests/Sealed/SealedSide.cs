using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.NatTraversal.Time;
using P2PCopy.Simulation;
using P2PCopy.Udt;

namespace P2PCopy.Tests.Sealed;

/// <summary>One side of a sealed copy on a simulated host: the link, UDT inside it, and an application that writes or checks a pattern.</summary>
internal sealed class SealedSide : IDisposable
{
    public const ushort Port = 4300;

    private static readonly UdpEndpoint StunServer = UdpEndpoint.FromIPv4(0x1907_ff01, 3478);

    private readonly SimNetwork _network;
    private readonly StaticKey _key;
    private readonly byte[] _buffer = new byte[32 << 10];
    private readonly long _bytes;
    private readonly bool _sends;

    public SealedSide(SimNetwork network, SimHost host, byte seed, bool sends, long bytes, Func<SealedPeerOptions, SealedPeerOptions>? change = null)
    {
        (_network, Host, _sends, _bytes) = (network, host, sends, bytes);
        _key = KeyOf(seed);
        var options = new SealedPeerOptions { Key = _key, WantsToSend = sends };
        Peer = new SealedPeer(change?.Invoke(options) ?? options, network.RandomFor($"sealed-{host.Name}"), network.Now);
        Peer.SetTime(new InternetTime(TimeSource.LocalClock, host.UtcNow - (network.Now - Instant.Zero), TimeSpan.MaxValue), network.Now);
        Socket = host.Bind(Port, Peer, Step);

        // The question to a STUN server has opened the way out before the ticket is told.
        foreach (var nat in host.Nats) nat.Table.MapOutbound(host.Address.WithPort(Port), StunServer, network.Now);
    }

    public SimHost Host { get; }

    public SimSocket Socket { get; }

    public SealedPeer Peer { get; }

    public List<SealedPeerEvent> Events { get; } = [];

    public UdtConnection? Connection { get; private set; }

    public long Moved { get; private set; }

    /// <summary>Whether the application has moved all its bytes: written and acknowledged, or read.</summary>
    public bool IsDone => Moved == _bytes && (!_sends || Connection is { IsDrained: true });

    public SealedPeerInfo? ReadyPeer => Events.OfType<SealedPeerEvent.Ready>().FirstOrDefault()?.Peer;

    /// <summary>What this side tells the other: its outside address and its own, and what it found out about its NAT.</summary>
    public Ticket Ticket => (Network is { } report ? OfReport(report) : null) ?? new Ticket
    {
        Primary = Outside,
        PublicKey = _key.Public,
        WantsToSend = _sends,
        Candidates = [new Candidate(CandidateKind.Host, Host.Address.WithPort(Port))],
    };

    /// <summary>What the program found out about its network; nothing unless the test says so.</summary>
    public NetworkReport? Network { get; set; }

    /// <summary>Where the internet sees its socket when the NAT keeps ports.</summary>
    public UdpEndpoint Outside => (Host.Nats.LastOrDefault() is { Behavior.Translates: true } nat ? nat.OutsideAddress : Host.Address).WithPort(Port);

    public T? Last<T>() where T : SealedPeerEvent => Events.OfType<T>().LastOrDefault();

    public void Paste(Ticket ticket) => Socket.Command(now =>
    {
        Peer.SetOwnTicket(Ticket, now);
        Assert.Equal(PasteResult.Taken, Peer.SetTicket(ticket, now));
    });

    public void PasteBare(UdpEndpoint address) => Socket.Command(now => Assert.Equal(PasteResult.Taken, Peer.SetBareAddress(address, now)));

    public bool Type(IEnumerable<string> words)
    {
        var taken = false;
        Socket.Command(now => taken = Peer.TryWords(string.Join(' ', words), now));
        return taken;
    }

    public void Dispose()
    {
        Peer.Dispose();
        _key.Dispose();
    }

    public static StaticKey KeyOf(byte seed)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        bytes.Fill(seed);
        return StaticKey.FromSeed(bytes);
    }

    private Ticket? OfReport(NetworkReport report) => new TicketDraft
    {
        PublicKey = _key.Public,
        WantsToSend = _sends,
        Network = report,
        Port = Port,
        HostAddresses = [new HostAddress(Host.Address, "eth0") { IsPreferred = true, HasGateway = true }],
    }.Make(Ticket.MinuteOf(_network.UtcNow));

    private void Step(Instant now)
    {
        Socket.Need(Peer.Sockets);
        while (Peer.TryReadEvent(out var happened))
        {
            Events.Add(happened);
            if (happened is SealedPeerEvent.Ready) Connect(now);
        }

        if (Connection is not { State: UdtState.Connected } connection) return;
        if (_sends) Write(connection);
        else Read(connection, now);
    }

    private void Connect(Instant now)
    {
        var random = _network.RandomFor($"udt-{Host.Name}");
        var options = new UdtOptions
        {
            Mss = UdtOptions.MssOf(Peer.LargestPacket),
            RendezvousTimeout = TimeSpan.FromMinutes(10),
            LeastSilence = TimeSpan.FromMinutes(3),
            DeliveryReports = true,
        };
        var endpoint = new UdtEndpoint(options, random.NextUInt32, now);
        Peer.Inner.Add(endpoint);
        Connection = endpoint.Rendezvous(SealedPeer.VirtualPeer, now);
    }

    private void Write(UdtConnection connection)
    {
        while (Moved < _bytes && connection.LendWritable() is { IsEmpty: false } room)
        {
            var count = (int)Math.Min(room.Length, _bytes - Moved);
            for (var i = 0; i < count; i++) room.Span[i] = Pattern(Moved + i);
            connection.CommitWritten(count);
            Moved += count;
        }
    }

    private void Read(UdtConnection connection, Instant now)
    {
        while (connection.Read(_buffer, now) is > 0 and var count)
            for (var i = 0; i < count; i++)
                if (_buffer[i] != Pattern(Moved++)) throw _network.Fail($"byte {Moved - 1} arrived wrong at {Host.Name}");
    }

    private static byte Pattern(long position) => (byte)(position + (position >> 8) + (position >> 16));
}
