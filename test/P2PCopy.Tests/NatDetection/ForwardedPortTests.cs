using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.NatDetection;

/// <summary>Whether strangers come in by an outer port that leads to the main socket: a server is asked to be one.</summary>
public sealed class ForwardedPortTests
{
    [Fact]
    public void A_port_that_lets_strangers_in_is_seen_to()
    {
        using var scene = NatScene.RunUsual(31, NatBehavior.FullCone);
        Assert.Equal(StunBindingState.Answered, scene.TestForwarding(scene.Probe.MappedEndpoint!.Value.Port));
    }

    [Fact]
    public void A_port_that_lets_in_answers_only_is_none()
    {
        using var scene = NatScene.RunUsual(32, NatBehavior.PortRestrictedCone);
        Assert.Equal(StunBindingState.TimedOut, scene.TestForwarding(scene.Probe.MappedEndpoint!.Value.Port));
    }

    [Fact]
    public void A_port_that_leads_elsewhere_is_none()
    {
        using var scene = NatScene.RunUsual(33, NatBehavior.FullCone);
        Assert.Equal(StunBindingState.TimedOut, scene.TestForwarding((ushort)(scene.Probe.MappedEndpoint!.Value.Port ^ 1)));
    }

    [Fact]
    public void Without_a_server_that_has_another_address_nothing_is_said()
    {
        using var scene = new NatScene(34, NatBehavior.FullCone);
        scene.Run([scene.PlainServer(), scene.PlainServer()], [scene.PlainServer()]);
        Assert.Null(scene.TestForwarding(scene.Probe.MappedEndpoint!.Value.Port));
    }

    [Fact]
    public void What_the_main_socket_has_written_to_is_no_stranger()
    {
        using var scene = new NatScene(35, NatBehavior.RestrictedCone);
        var server = scene.DiscoveryServer();
        scene.Run([server, scene.Servers.OtherOf(server)], [server]);
        Assert.NotEqual(FilteringBehavior.Unknown, scene.Probe.Report!.Filtering);
        Assert.Null(scene.TestForwarding(scene.Probe.MappedEndpoint!.Value.Port));
    }
}
