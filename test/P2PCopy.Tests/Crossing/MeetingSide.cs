using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.NatDetection;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.NatTraversal.Time;
using P2PCopy.Simulation;
using P2PCopy.Tests.Sealed;

namespace P2PCopy.Tests.Crossing;

/// <summary>A user's program on a simulated host: it finds out about its NAT, makes its ticket, and looks for the peer by the peer's.</summary>
internal sealed class MeetingSide : IDisposable
{
    private const ushort Port = 4300;

    private readonly SimNetwork _network;
    private readonly StaticKey _key;
    private readonly bool _sends;
    private readonly NatProbe _probe;
    private readonly SimSocket _scratch;

    public MeetingSide(SimNetwork network, SimHost host, byte seed, bool sends)
    {
        (_network, Host, _sends) = (network, host, sends);
        _key = SealedSide.KeyOf(seed);
        _probe = new NatProbe(network.RandomFor($"stun-{host.Name}").Fill);
        Filtering = new FilteringProbe(network.RandomFor($"filter-{host.Name}").Fill);
        var options = new SealedPeerOptions { Key = _key, WantsToSend = sends };
        Peer = new SealedPeer(options, network.RandomFor($"sealed-{host.Name}"), network.Now);
        Peer.SetTime(new InternetTime(TimeSource.InternetServers, host.UtcNow - (network.Now - Instant.Zero), TimeSpan.FromSeconds(1)), network.Now);
        var protocols = new ProtocolMux();
        protocols.Add(_probe);
        protocols.Add(Peer);
        Socket = host.Bind(Port, protocols, _ => Step());
        _scratch = host.Bind(0, Filtering, LookAtFiltering);
    }

    public SimHost Host { get; }

    public SimSocket Socket { get; }

    public SealedPeer Peer { get; }

    public FilteringProbe Filtering { get; }

    public List<SealedPeerEvent> Events { get; } = [];

    public NetworkReport? Report => _probe.Report;

    public Ticket? Ticket { get; private set; }

    // Where IPv4 goes, nothing is left to IPv6: it would hide what is to be crossed.
    private bool HasIPv6 => Host.Nats.Any(nat => nat.Behavior.BlocksIPv4);

    private IEnumerable<UdpEndpoint> Addresses => HasIPv6 ? [Host.Address, Host.AddressV6!.Value] : [Host.Address];

    public bool IsReady => Events.Exists(happened => happened is SealedPeerEvent.Ready);

    /// <summary>Asks the servers; <see cref="Ticket"/> is there some moments later.</summary>
    /// <param name="mapping">Those that tell the address.</param>
    /// <param name="filtering">Those that test who gets in.</param>
    public void Discover(IReadOnlyList<UdpEndpoint> mapping, IReadOnlyList<UdpEndpoint> filtering)
    {
        Socket.Command(now =>
        {
            _probe.Start(now);
            _probe.SetLocalEndpoint(Host.Address.WithPort(Port));
            _probe.HandleIPv6(HasIPv6 ? true : null, HasIPv6 ? Host.AddressV6!.Value.WithPort(Port) : null, now);
            if (HasIPv6) _probe.HandleIPv6Filtering(FilteringBehavior.AddressAndPortDependent, now);
            foreach (var server in mapping) _probe.AddServer(server, now);
            _probe.CompleteServers(now);
        });
        _scratch.Command(now =>
        {
            foreach (var server in filtering) Filtering.AddServer(server, now);
            Filtering.Complete(now);
        });
    }

    /// <summary>The user enters the other's ticket.</summary>
    public void Paste(Ticket ticket) => Socket.Command(now =>
    {
        Peer.SetOwnTicket(Ticket!, now);
        Assert.Equal(PasteResult.Taken, Peer.SetTicket(ticket, now));
    });

    /// <summary>What this side expects of the pair.</summary>
    public CrossingPlan PlanWith(MeetingSide other) => CrossingPlan.Between(Ticket!, other.Ticket!);

    public void Dispose()
    {
        Peer.Dispose();
        _key.Dispose();
    }

    private void Step()
    {
        if (_probe.WantsMoreServers) _probe.CompleteServers(_network.Now);
        if (Ticket is null && _probe.Report is { } report) Ticket = Draft(report);
        Socket.Need(Peer.Sockets);
        while (Peer.TryReadEvent(out var happened)) Events.Add(happened);
    }

    private Ticket? Draft(NetworkReport report) => new TicketDraft
    {
        PublicKey = _key.Public,
        WantsToSend = _sends,
        Network = report,
        Port = Port,
        HostAddresses = [.. Addresses.Select(address => new HostAddress(address, "eth0") { IsPreferred = true, HasGateway = true })],
    }.Make(Ticket.MinuteOf(_network.UtcNow));

    private void LookAtFiltering(Instant now)
    {
        if (!Filtering.IsDone) return;
        _scratch.Dispose();
        Socket.Command(at => _probe.HandleFiltering(Filtering.Findings, at));
    }
}
