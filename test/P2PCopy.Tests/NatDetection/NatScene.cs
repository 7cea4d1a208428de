using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.NatDetection;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;
using P2PCopy.Tests.Stun;

namespace P2PCopy.Tests.NatDetection;

/// <summary>
/// A host behind a NAT in virtual time that finds out about itself: the main socket, the scratch socket, and what the program does
/// between them.
/// </summary>
internal sealed class NatScene : IDisposable
{
    public const ushort LocalPort = 4300;

    private readonly SimSocket _main;
    private SimSocket _scratch;
    private IReadOnlyList<UdpEndpoint> _filteringServers = [];
    private bool _fallbackNamed;
    private bool _filteringTold;

    public NatScene(ulong seed, params NatBehavior[] nats)
    {
        Net = new SimNetwork(seed);
        Servers = new SimStunServers(Net);
        Host = Net.Host("host", LinkProfile.Dsl with { Loss = 0 }, nats);
        Probe = new NatProbe(Wire.RandomBytes((int)seed));
        Filtering = new FilteringProbe(Wire.RandomBytes((int)seed + 1));
        _main = Host.Bind(LocalPort, Probe, LookAtProbe);
        _scratch = Host.Bind(0, Filtering, LookAtFiltering);
    }

    public SimNetwork Net { get; }

    public SimStunServers Servers { get; }

    public SimHost Host { get; }

    public NatProbe Probe { get; }

    public FilteringProbe Filtering { get; private set; }

    /// <summary>The report that replaced the first one.</summary>
    public NetworkReport? Correction { get; private set; }

    public List<UdpEndpoint> Changes { get; } = [];

    public List<UdpEndpoint> Fallback { get; } = [];

    /// <summary>How long the report took.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>The usual case: four operators for the mapping, two others for the filtering.</summary>
    public static NatScene RunUsual(ulong seed, params NatBehavior[] nats)
    {
        var scene = new NatScene(seed, nats);
        var mapping = Enumerable.Range(0, 4).Select(_ => scene.PlainServer()).ToArray();
        scene.Run(mapping, [scene.DiscoveryServer(), scene.DiscoveryServer()]);
        return scene;
    }

    public NetworkReport Run(IReadOnlyList<UdpEndpoint> mapping, IReadOnlyList<UdpEndpoint> filtering)
    {
        var begun = Net.Now;
        _main.Command(now =>
        {
            Probe.Start(now);
            Probe.SetLocalEndpoint(Host.Address.WithPort(LocalPort));
            Probe.HandleIPv6(null, null, now);
            foreach (var server in mapping) Probe.AddServer(server, now);
            Probe.CompleteServers(now);
        });
        _filteringServers = filtering;
        TestFiltering();
        Net.RunUntil(() => Probe.Report is not null, TimeSpan.FromSeconds(4));
        Took = Net.Now - begun;
        return Probe.Report!;
    }

    /// <summary>Has the server that tested the filtering write to an outer port of the main socket.</summary>
    public StunBindingState? TestForwarding(ushort port)
    {
        StunBinding? test = null;
        _main.Command(now => test = Probe.TestForwarding(port, now));
        if (test is not null) Net.RunUntil(() => test.State != StunBindingState.Pending, TimeSpan.FromSeconds(2));
        return test?.State;
    }

    public UdpEndpoint PlainServer() => Servers.Plain();

    public UdpEndpoint DeadServer() => Servers.Dead();

    /// <inheritdoc cref="SimStunServers.Discovery"/>
    public UdpEndpoint DiscoveryServer() => Servers.Discovery();

    /// <inheritdoc cref="SimStunServers.Odd"/>
    public UdpEndpoint OddServer(Func<byte[], UdpEndpoint, byte[]?> answer) => Servers.Odd(answer);

    public void Dispose() => Net.Dispose();

    private void TestFiltering() => _scratch.Command(now =>
    {
        foreach (var server in _filteringServers) Filtering.AddServer(server, now);
        Filtering.Complete(now);
    });

    private void TestAgain(Instant now)
    {
        Probe.HandleIPv6(null, null, now);
        Filtering = new FilteringProbe(Wire.RandomBytes((int)Net.Seed + 2));
        _filteringTold = false;
        _scratch = Host.Bind(0, Filtering, LookAtFiltering);
        TestFiltering();
    }

    private void LookAtProbe(Instant now)
    {
        if (Probe.TryTakeWishForTests()) TestAgain(now);
        if (Probe.TryReadCorrection(out var correction)) Correction = correction;
        while (Probe.TryReadMappedAddressChanged(out var mapped)) Changes.Add(mapped);
        if (!Probe.WantsMoreServers || _fallbackNamed) return;
        _fallbackNamed = true;
        foreach (var server in Fallback) Probe.AddServer(server, now);
        Probe.CompleteServers(now);
    }

    private void LookAtFiltering(Instant now)
    {
        if (!Filtering.IsDone || _filteringTold) return;
        _filteringTold = true;
        _main.Command(at => Probe.HandleFiltering(Filtering.Findings, at));
    }
}
