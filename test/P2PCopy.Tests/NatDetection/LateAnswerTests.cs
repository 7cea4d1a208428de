using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Nats;
using static P2PCopy.Tests.Stun.Wire;

namespace P2PCopy.Tests.NatDetection;

/// <summary>What was told when nobody had answered for three seconds is corrected when somebody does.</summary>
public sealed class LateAnswerTests
{
    [Theory]
    [InlineData("full-cone", FirewallType.FullCone)]
    [InlineData("port-restricted-cone", FirewallType.PortRestrictedCone)]
    [InlineData("symmetric", FirewallType.Symmetric)]
    [InlineData("firewall", FirewallType.SymmetricUdpFirewall)]
    [InlineData("open", FirewallType.OpenInternet)]
    public void Answers_that_take_four_seconds_are_taken_and_everything_is_tested_again(string nat, FirewallType expected)
    {
        using var scene = Scene(nat);
        var link = SimNetwork.UplinkOf(scene.Host);
        var quick = link.Profile;
        link.Profile = quick with { Delay = Ms(4000) };
        Assert.Equal(FirewallType.UdpBlocked, Run(scene).Firewall);
        Assert.Null(scene.Correction);

        // The machine has time again when the first answers are there.
        link.Profile = quick;
        scene.Net.RunUntil(() => scene.Correction is not null, Ms(4000));
        Assert.Equal(expected, scene.Correction!.Firewall);
        Assert.Equal(scene.Correction, scene.Probe.Report);
        Assert.Equal(scene.Correction.MappedEndpoint, scene.Probe.MappedEndpoint);
    }

    [Theory]
    [InlineData(5, 7.5)]
    [InlineData(12, 15.5)]
    [InlineData(30, 31.5)]
    public void A_network_that_comes_later_is_found_by_the_next_copy(int comesAfter, double copy)
    {
        using var scene = Scene("port-restricted-cone");
        var link = SimNetwork.UplinkOf(scene.Host);
        link.IsDown = true;
        var begun = scene.Net.Now;
        Run(scene);
        scene.Net.At(begun + TimeSpan.FromSeconds(comesAfter) - scene.Net.Now, () => link.IsDown = false);
        scene.Net.RunUntil(() => scene.Correction is not null, TimeSpan.FromSeconds(40));
        Assert.Equal(FirewallType.PortRestrictedCone, scene.Correction!.Firewall);
        Assert.InRange((scene.Net.Now - begun).TotalSeconds, copy, copy + 2);

        // And the address is kept alive from then on.
        var table = scene.Host.Nats.Single().Table;
        var made = table.MappingsMade;
        scene.Net.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal(made, table.MappingsMade);
        Assert.Empty(scene.Changes);
    }

    [Fact]
    public void Nobody_is_asked_for_longer_than_forty_seconds()
    {
        using var scene = new NatScene(3, NatBehavior.PortRestrictedCone);
        var begun = scene.Net.Now;
        var asked = new List<double>();
        var silent = scene.OddServer((_, _) =>
        {
            asked.Add(Math.Round((scene.Net.Now - begun).TotalSeconds, 1));
            return null;
        });
        scene.Run([silent], []);
        scene.Net.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal([0, 0.2, 0.5, 3.5, 7.5, 15.5, 31.5], asked);
        Assert.Equal(Instant.Never, scene.Probe.NextTimeout);
        Assert.Null(scene.Correction);
    }

    [Fact]
    public void Whoever_is_connected_does_not_listen_any_more()
    {
        using var scene = Scene("port-restricted-cone");
        SimNetwork.UplinkOf(scene.Host).IsDown = true;
        Run(scene);
        scene.Probe.StopKeepAlive();
        SimNetwork.UplinkOf(scene.Host).IsDown = false;
        scene.Net.RunFor(TimeSpan.FromMinutes(1));
        Assert.Null(scene.Correction);
        Assert.Equal(Instant.Never, scene.Probe.NextTimeout);
    }

    private static NatScene Scene(string nat) => new(7, NatBehavior.All.Single(one => one.Name == nat));

    private static NetworkReport Run(NatScene scene) =>
        scene.Run([scene.PlainServer(), scene.PlainServer(), scene.PlainServer()], [scene.DiscoveryServer(), scene.DiscoveryServer()]);
}
