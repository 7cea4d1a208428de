using P2PCopy.Datagrams;
using P2PCopy.Udt;

namespace P2PCopy.Simulation.Transfers;

/// <summary>Runs a scenario to its end and holds both connections to what must always be true of them.</summary>
public sealed class UdtTransfer : IDisposable
{
    private const ushort Port = 5000;
    private readonly UdtScenario _scenario;
    private readonly SimNetwork _network;
    private readonly UdtPeer _left;
    private readonly UdtPeer _right;

    public UdtTransfer(UdtScenario scenario)
    {
        _scenario = scenario;
        _network = new SimNetwork(scenario.Seed);
        var left = _network.Host("left", scenario.LinkFromLeft, scenario.LeftNat);
        var right = _network.Host("right", scenario.LinkFromRight, scenario.RightNat);
        _left = new UdtPeer(_network, left, Port, scenario.Left, 1, 2, scenario.Right.Mss)
        {
            ToWrite = scenario.BytesFromLeft,
            ToRead = scenario.BytesFromRight,
            WriteSize = scenario.WriteSize,
        };
        _right = new UdtPeer(_network, right, Port, scenario.Right, 2, 1, scenario.Left.Mss)
        {
            ToWrite = scenario.BytesFromRight,
            ToRead = scenario.BytesFromLeft,
            WriteSize = scenario.WriteSize,
        };
        Plan(left, right);
    }

    /// <summary>Virtual time from the later start until all bytes had arrived.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Events that the simulation has computed.</summary>
    public long Steps => _network.Steps;

    /// <summary>What the left connection has done.</summary>
    public UdtStatistics LeftStatistics => _left.Connection!.Statistics;

    /// <summary>What the right connection has done.</summary>
    public UdtStatistics RightStatistics => _right.Connection!.Statistics;

    /// <summary>Runs it: bytes arrive, then both sides end.</summary>
    /// <exception cref="SimulationException">They did not, or a rule was broken.</exception>
    public void Run()
    {
        _network.AfterStep = Check;
        var start = _network.Now + _scenario.StartOffset;
        _network.RunUntil(() => IsWhole(_left) && IsWhole(_right), _scenario.Limit);
        Duration = _network.Now - start;
        _network.RunUntil(() => IsClosed(_left) && IsClosed(_right), TimeSpan.FromSeconds(240));
        if (!EndedWell(_left) || !EndedWell(_right))
            throw _network.Fail($"it ended with {_left.Connection!.CloseReason} and {_right.Connection!.CloseReason}");
    }

    public void Dispose() => _network.Dispose();

    private static bool IsWhole(UdtPeer peer) => peer.Read == peer.ToRead && peer.Written == peer.ToWrite;

    private static bool IsClosed(UdtPeer peer) => peer.Connection is { State: UdtState.Closed };

    // A peer may miss all copies of a shutdown, or the acknowledgement of its last data, and then waits in vain.
    private static bool EndedWell(UdtPeer peer) => peer.Connection!.CloseReason
        is CloseReason.ClosedByPeer or CloseReason.ClosedLocally or CloseReason.PeerTimedOut;

    private void Plan(SimHost left, SimHost right)
    {
        var toRight = OutsideOf(right);
        var toLeft = OutsideOf(left);
        if (_scenario.HasListener) _right.Endpoint.Listen(backlog: 1);
        else _network.At(_scenario.StartOffset, () => _right.Socket.Command(_ => _right.Rendezvous(toLeft)));
        _left.Socket.Command(_ =>
        {
            if (_scenario.HasListener) _left.Connect(toRight);
            else _left.Rendezvous(toRight);
        });

        var (outage, nap) = (_scenario.Outage, _scenario.Nap);
        if (outage.Length > TimeSpan.Zero)
        {
            _network.At(outage.Start, () => SetLinks(left, right, down: true));
            _network.At(outage.Start + outage.Length, () => SetLinks(left, right, down: false));
        }

        if (nap.Length == TimeSpan.Zero) return;
        _network.At(nap.Start, () => _right.IsAsleep = true);
        _network.At(nap.Start + nap.Length, () => _right.Socket.Command(_ => _right.IsAsleep = false));
    }

    private void Check(Instant now)
    {
        if (_left.Breach() is { } left) throw _network.Fail($"left: {left}");
        if (_right.Breach() is { } right) throw _network.Fail($"right: {right}");
    }

    private static void SetLinks(SimHost left, SimHost right, bool down) =>
        SimNetwork.UplinkOf(left).IsDown = SimNetwork.UplinkOf(right).IsDown = down;

    private static UdpEndpoint OutsideOf(SimHost host) =>
        (host.Nats.LastOrDefault() is { Behavior.Translates: true } nat ? nat.OutsideAddress : host.Address).WithPort(Port);
}
