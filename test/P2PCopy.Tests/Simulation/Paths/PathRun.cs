using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Paths;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Simulation.Paths;

/// <summary>Lets two hosts meet, lets an accident happen, and sees that they find each other again in time.</summary>
internal sealed class PathRun : IDisposable
{
    private const ushort LeftPort = 5000;
    private const ushort RightPort = 6000;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);

    private readonly PathScenario _scenario;
    private readonly SimNetwork _network;
    private readonly SimHost _leftHost;
    private readonly SimHost _rightHost;
    private readonly PathPeer _left;
    private readonly PathPeer _right;

    public PathRun(PathScenario scenario)
    {
        _scenario = scenario;
        _network = new SimNetwork(scenario.Seed);
        _leftHost = _network.Host("left", scenario.Link, scenario.LeftNat);
        if (scenario.SameNetwork) _rightHost = _network.HostBehind(_leftHost.Nats.Single(), "right");
        else
        {
            _rightHost = _network.Host("right", scenario.Link, scenario.RightNat);
            _network.AddDownlink(_rightHost, scenario.Link with { Delay = TimeSpan.Zero });
        }

        var (leftId, rightId) = scenario.LeftInitiates ? (1u, 2u) : (2u, 1u);
        _left = new PathPeer(_network, _leftHost, LeftPort, leftId, rightId);
        _right = new PathPeer(_network, _rightHost, RightPort, rightId, leftId);
    }

    /// <summary>From the later paste to data both ways.</summary>
    public TimeSpan Meeting { get; private set; }

    /// <summary>From the accident to data both ways again.</summary>
    public TimeSpan Recovery { get; private set; }

    public long Steps => _network.Steps;

    public void Run()
    {
        if (_scenario.Accident == PathAccident.LanMended) _leftHost.Nats.Single().IsolatesHosts = true;
        Meet();
        _network.RunFor(TimeSpan.FromSeconds(2 + (_scenario.Seed % 7)));
        var moves = Moves;
        Suffer();

        // What was found stays: nobody wanders between paths.
        _network.RunFor(TimeSpan.FromSeconds(6));
        var found = (_left.Paths.Current, _right.Paths.Current);
        _network.RunFor(TimeSpan.FromSeconds(3));
        if (found != (_left.Paths.Current, _right.Paths.Current)) throw _network.Fail($"the paths change without a reason: {this}");
        if (_left.DataFrom != _left.Paths.Current || _right.DataFrom != _right.Paths.Current) throw _network.Fail($"the sides do not agree: {this}");
        if (Moves - moves > 8) throw _network.Fail($"{Moves - moves} moves: {this}");
    }

    public override string ToString() => $"{_left}; {_right}";

    public void Dispose() => _network.Dispose();

    private int Moves => _left.Events.Concat(_right.Events).Count(happened => happened.Kind == PathEventKind.Moved);

    /// <summary>Both users paste, and the paths open and settle.</summary>
    public void Meet()
    {
        var random = _network.RandomFor("tickets");
        OpenMapping(_leftHost, LeftPort);
        OpenMapping(_rightHost, RightPort);
        var (toLeft, toRight) = (_scenario.Candidates(_leftHost, LeftPort, random), _scenario.Candidates(_rightHost, RightPort, random));
        var later = _scenario.LeftLater;
        var last = later < TimeSpan.Zero ? -later : later;
        _network.At(later > TimeSpan.Zero ? later : TimeSpan.Zero, () => _left.Socket.Command(now => _left.Paste(toRight, now)));
        _network.At(later < TimeSpan.Zero ? -later : TimeSpan.Zero, () => _right.Socket.Command(now => _right.Paste(toLeft, now)));
        var start = _network.Now + last;
        _network.RunUntil(HaveBothPaths, last + (_scenario.IsLossy ? TimeSpan.FromSeconds(6) : TimeSpan.FromSeconds(1)) + (3 * _scenario.RoundTrip));
        Meeting = _network.Now - start;
        Recover(TimeSpan.FromSeconds(0.3));
        CheckSize(_left);
        CheckSize(_right);
    }

    // A STUN server far away has been asked before.
    private void OpenMapping(SimHost host, ushort port)
    {
        foreach (var nat in host.Nats)
            if (nat.Behavior.Translates) nat.Table.MapOutbound(host.Address.WithPort(port), UdpEndpoint.FromIPv4(0x08080808, 3478), _network.Now);
    }

    // Behind no loss the largest that fits is found; else one that does not fit at least is not taken.
    private void CheckSize(PathPeer peer)
    {
        var size = peer.Paths.DatagramBytes;
        if (_scenario.SameNetwork || peer.Events.Exists(happened => happened.Kind == PathEventKind.Moved)) return;
        var room = _scenario.Link.Mtu - (peer.Paths.Current!.Value.IsIPv4 ? 28 : 48);
        var best = ((int[])[1472, 1452, 1392, 1232]).First(candidate => candidate <= room);
        if (size > best || (size < best && !_scenario.IsLossy))
            throw _network.Fail($"{size} bytes where {best} fit: {this}");
    }

    private void Suffer()
    {
        var nat = _leftHost.Nats.LastOrDefault();
        switch (_scenario.Accident)
        {
            case PathAccident.NewPort:
                nat?.Table.Restart();
                Recover(TimeSpan.FromSeconds(1));
                break;
            case PathAccident.FlushedNat:
                // A symmetric NAT has other ports then, and a peer that knows addresses alone lets them in.
                nat?.Table.Flush();
                Recover(TimeSpan.FromSeconds(1));
                break;
            case PathAccident.OtherNetwork:
                _network.Move(_leftHost, _scenario.Link, _scenario.LaterNat);
                _left.Socket.Command(now => _left.Paths.LocalAddressChanged(now));
                Recover(TimeSpan.FromSeconds(2));
                break;
            case PathAccident.OtherNetworkUnnoticed:
                _network.Move(_leftHost, _scenario.Link, _scenario.LaterNat);
                Recover(TimeSpan.FromSeconds(7));
                break;
            case PathAccident.OtherNetworkAndNewTicket:
                ChangeNetworkAndPaste();
                break;
            case PathAccident.BlackOut:
                BlackOut();
                break;
            case PathAccident.LanCut:
                _leftHost.Nats.Single().IsolatesHosts = true;
                Recover(TimeSpan.FromSeconds(7));
                break;
            case PathAccident.LanMended:
                _leftHost.Nats.Single().IsolatesHosts = false;
                MoveTo(PathRoute.Lan, TimeSpan.FromSeconds(70));
                break;
            default:
                TellOfBetter();
                break;
        }
    }

    private void ChangeNetworkAndPaste()
    {
        _network.Move(_leftHost, _scenario.Link, _scenario.LaterNat);
        _left.Socket.Command(now => _left.Paths.LocalAddressChanged(now));
        _network.RunFor(TimeSpan.FromSeconds(10 + (_scenario.Seed % 90)));
        OpenMapping(_leftHost, LeftPort);
        var ticket = _scenario.Candidates(_leftHost, LeftPort, _network.RandomFor("new ticket"));
        _right.Socket.Command(now => _right.Paste(ticket, now));
        Recover(TimeSpan.FromSeconds(2));
        if (_left.Events.Concat(_right.Events).Any(happened => happened.Kind == PathEventKind.Broken)) throw _network.Fail($"given up too early: {this}");
    }

    private void BlackOut()
    {
        SetLinks(down: true);
        _network.RunFor(Outage - TimeSpan.FromSeconds(20));
        if (!_left.Paths.IsSuspect || !_right.Paths.IsSuspect) throw _network.Fail($"nobody notices: {this}");
        var probes = _left.Probes;
        _network.RunFor(TimeSpan.FromSeconds(10));
        if (_left.Probes - probes > 25 * _left.Paths.Known) throw _network.Fail($"{_left.Probes - probes} probes in ten seconds");
        _network.RunFor(TimeSpan.FromSeconds(10));
        SetLinks(down: false);
        Recover(TimeSpan.FromSeconds(1));
        foreach (var peer in (PathPeer[])[_left, _right])
            if (peer.Events[^1].Kind is PathEventKind.Suspect or PathEventKind.Broken) throw _network.Fail($"not restored: {this}");
    }

    // IPv6 came up late, and only the left side has noticed.
    private void TellOfBetter()
    {
        _right.PeersOwn = [new Candidate(CandidateKind.HostV6, _leftHost.AddressV6!.Value.WithPort(LeftPort))];
        _left.Socket.Command(now => _left.Paths.AnnounceCandidates(now));
        MoveTo(PathRoute.IPv6, TimeSpan.FromSeconds(_scenario.IsLossy ? 8 : 2) + (3 * _scenario.RoundTrip));
    }

    private void SetLinks(bool down)
    {
        SimNetwork.UplinkOf(_leftHost).IsDown = down;
        SimNetwork.UplinkOf(_rightHost).IsDown = down;
        if (_scenario.SameNetwork) _leftHost.Nats.Single().IsSilent = down;
    }

    private void Recover(TimeSpan limit)
    {
        var start = _network.Now;
        _network.RunUntil(() => BothHear(start), limit + (_scenario.IsLossy ? TimeSpan.FromSeconds(6) : TimeSpan.Zero) + (6 * _scenario.RoundTrip));
        Recovery = _network.Now - start;
    }

    private bool HaveBothPaths() => _left.Paths.Current is not null && _right.Paths.Current is not null;

    private bool BothHear(Instant since) => HaveBothPaths() && _left.NewestData > since && _right.NewestData > since;

    private void MoveTo(PathRoute route, TimeSpan limit)
    {
        var start = _network.Now;
        _network.RunUntil(() => _left.Paths.CurrentRoute == route && _right.Paths.CurrentRoute == route, limit);
        Recovery = _network.Now - start;
    }
}
