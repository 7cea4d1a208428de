using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.NatDetection;
using P2PCopy.NatTraversal.Report;
using P2PCopy.Simulation.Nats;
using static P2PCopy.Tests.Stun.Wire;

namespace P2PCopy.Tests.NatDetection;

public sealed class NatProbeTests
{
    public static TheoryData<NatBehavior, FirewallType, EarlyPacketEffect> Presets => new()
    {
        { NatBehavior.Open, FirewallType.OpenInternet, EarlyPacketEffect.None },
        { NatBehavior.FirewallStateful, FirewallType.SymmetricUdpFirewall, EarlyPacketEffect.None },
        { NatBehavior.FullCone, FirewallType.FullCone, EarlyPacketEffect.None },
        { NatBehavior.RestrictedCone, FirewallType.RestrictedCone, EarlyPacketEffect.None },
        { NatBehavior.PortRestrictedCone, FirewallType.PortRestrictedCone, EarlyPacketEffect.None },
        { NatBehavior.PortRestrictedP, FirewallType.PortRestrictedCone, EarlyPacketEffect.SpoilsMapping },
        { NatBehavior.Symmetric, FirewallType.Symmetric, EarlyPacketEffect.Unknown },
        { NatBehavior.SymmetricStepping, FirewallType.Symmetric, EarlyPacketEffect.Unknown },
        { NatBehavior.UdpBlocked, FirewallType.UdpBlocked, EarlyPacketEffect.Unknown },
    };

    [Theory]
    [MemberData(nameof(Presets), DisableDiscoveryEnumeration = true)]
    public void Every_kind_of_network_is_called_by_its_name(NatBehavior nat, FirewallType expected, EarlyPacketEffect early)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            using var scene = NatScene.RunUsual(seed, nat);
            Assert.Equal((expected, early), (scene.Probe.Report!.Firewall, scene.Probe.Report.EarlyPackets));
        }
    }

    [Fact]
    public void All_presets_of_the_simulation_are_in_the_table() =>
        Assert.Equal(NatBehavior.All.Select(nat => nat.Name).Order(), Presets.Select(row => row.Data.Item1.Name).Order());

    [Fact]
    public void The_report_on_a_home_router_answers_every_question()
    {
        using var scene = NatScene.RunUsual(7, NatBehavior.PortRestrictedCone);
        var outside = scene.Host.Nats.Single().OutsideAddress.WithPort(NatScene.LocalPort);
        Assert.Equal(
            new NetworkReport
            {
                MappedEndpoint = outside,
                LocalEndpoint = scene.Host.Address.WithPort(NatScene.LocalPort),
                Mapping = MappingBehavior.EndpointIndependent,
                Filtering = FilteringBehavior.AddressAndPortDependent,
                EarlyPackets = EarlyPacketEffect.None,
                PortKept = true,
                ServersAsked = 4,
                ServersAnswered = 4,
            },
            scene.Probe.Report);
        Assert.Equal("EIM mapping, APDF filtering, port kept", scene.Probe.Report!.Detail);
        Assert.Equal(outside, scene.Probe.MappedEndpoint);
    }

    [Fact]
    public void A_report_takes_less_than_half_a_second_where_answers_take_20_ms()
    {
        foreach (var nat in NatBehavior.All.Where(nat => !nat.Blocked))
        {
            using var scene = NatScene.RunUsual(3, nat);
            Assert.InRange(scene.Took, TimeSpan.Zero, Ms(500));
        }
    }

    [Fact]
    public void No_server_gets_more_than_three_packets_of_a_kind_from_the_main_socket()
    {
        using var scene = new NatScene(5, NatBehavior.PortRestrictedCone);
        var counts = new Dictionary<int, int>();
        var servers = Enumerable.Range(0, 6).Select(i => scene.OddServer((_, _) =>
        {
            counts[i] = counts.GetValueOrDefault(i) + 1;
            return null;
        })).ToArray();
        scene.Fallback.AddRange(servers[4..]);
        scene.Run(servers[..4], []);
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 1, 3));
    }

    [Fact]
    public void Even_steps_are_found_whatever_the_scratch_socket_takes_in_between()
    {
        foreach (var step in new[] { 1, 2, -1, 256 })
        {
            var nat = NatBehavior.SymmetricStepping with { PortChoice = PortChoice.Sequential(step) };
            using var scene = NatScene.RunUsual(11, nat);
            Assert.Equal(step, scene.Probe.Report!.PortStep);
            Assert.Contains(step > 0 ? $"ports step by +{step}" : $"ports step by {step}", scene.Probe.Report.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Random_ports_have_no_step()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            using var scene = NatScene.RunUsual(seed, NatBehavior.Symmetric);
            Assert.Null(scene.Probe.Report!.PortStep);
        }
    }

    [Theory]
    [InlineData(NatScope.AddressDependent, MappingBehavior.AddressDependent)]
    [InlineData(NatScope.AddressAndPortDependent, MappingBehavior.AddressAndPortDependent)]
    public void A_second_port_of_one_server_tells_apart_on_what_a_symmetric_NAT_looks(NatScope scope, MappingBehavior expected)
    {
        using var scene = new NatScene(13, NatBehavior.Symmetric with { Mapping = scope });
        var report = scene.Run([scene.PlainServer(), scene.DiscoveryServer(), scene.PlainServer()], [scene.DiscoveryServer()]);
        Assert.Equal(expected, report.Mapping);
        Assert.Equal(FirewallType.Symmetric, report.Firewall);
    }

    [Theory]
    [MemberData(nameof(Presets), DisableDiscoveryEnumeration = true)]
    public void One_server_with_two_addresses_is_enough(NatBehavior nat, FirewallType expected, EarlyPacketEffect early)
    {
        using var scene = new NatScene(17, nat);
        var server = scene.DiscoveryServer();
        var report = scene.Run([server], [server]);
        Assert.Equal((expected, early), (report.Firewall, report.EarlyPackets));
    }

    [Fact]
    public void One_plain_server_tells_the_address_and_no_more()
    {
        using var scene = new NatScene(19, NatBehavior.PortRestrictedCone);
        var server = scene.PlainServer();
        var report = scene.Run([server], [server]);
        Assert.Equal(FirewallType.Cone, report.Firewall);
        Assert.Equal("mapping not tested, filter not tested, port kept", report.Detail);
    }

    [Fact]
    public void Without_a_server_for_the_filter_a_NAT_with_one_address_is_a_cone()
    {
        using var scene = new NatScene(23, NatBehavior.FullCone);
        var report = scene.Run([scene.PlainServer(), scene.PlainServer()], [scene.PlainServer()]);
        Assert.Equal(FirewallType.Cone, report.Firewall);
        Assert.Equal(EarlyPacketEffect.Unknown, report.EarlyPackets);
    }

    [Fact]
    public void A_carriers_NAT_behind_the_home_router_is_hinted_at()
    {
        using var scene = new NatScene(29, NatBehavior.PortRestrictedCone);
        scene.Probe.SetLocalEndpoint(Endpoint("100.64.3.4:4300"));
        Assert.False(scene.Run([scene.PlainServer()], []).SecondNatHint, "192.168/16 is a home router's own");

        foreach (var (local, expected) in new[] { ("100.127.255.254:1", true), ("192.0.0.6:1", true), ("100.128.0.1:1", false), ("192.0.0.8:1", false) })
        {
            var probe = new NatProbe(RandomBytes(1));
            probe.Start(Start);
            probe.SetLocalEndpoint(Endpoint(local));
            probe.CompleteServers(Start);
            probe.CompleteServers(Start);
            Assert.Equal(expected, probe.Report!.SecondNatHint);
        }
    }

    [Theory]
    [InlineData(2, MappingBehavior.AddressAndPortDependent)]
    [InlineData(3, MappingBehavior.EndpointIndependent)]
    public void A_port_that_two_see_and_a_third_does_not_may_have_been_drawn_twice(int seenBy, MappingBehavior expected)
    {
        // A NAT that draws from a block of 2,048 ports shows one of them to two of three servers once in 700 times.
        using var scene = new NatScene(41, NatBehavior.PortRestrictedCone);
        var other = scene.OddServer((request, client) => Answer(request, client.WithPort((ushort)(client.Port ^ 1))));
        var report = scene.Run([.. Enumerable.Range(0, seenBy).Select(_ => scene.PlainServer()), other], [scene.DiscoveryServer()]);
        Assert.Equal(expected, report.Mapping);
    }

    [Fact]
    public void A_lying_server_is_outvoted_and_mentioned()
    {
        using var scene = new NatScene(31, NatBehavior.PortRestrictedCone);
        var liar = scene.OddServer((request, _) => Answer(request, Endpoint("25.66.66.66:6666")));
        var report = scene.Run([liar, scene.PlainServer(), scene.PlainServer(), scene.PlainServer()], [scene.DiscoveryServer()]);
        Assert.Equal(scene.Host.Nats.Single().OutsideAddress.WithPort(NatScene.LocalPort), report.MappedEndpoint);
        Assert.Equal(FirewallType.PortRestrictedCone, report.Firewall);
        Assert.Equal(1, report.ServersDisagreeing);
        Assert.Contains("1 of 4 STUN servers saw another address", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_server_costs_at_most_the_time_of_the_slowest_again()
    {
        using var scene = new NatScene(37, NatBehavior.PortRestrictedCone);
        var report = scene.Run(
            [scene.DeadServer(), scene.PlainServer(), scene.PlainServer(), scene.PlainServer()],
            [scene.DeadServer(), scene.DiscoveryServer()]);
        Assert.Equal(FirewallType.PortRestrictedCone, report.Firewall);
        Assert.Equal(3, report.ServersAnswered);
        Assert.InRange(scene.Took, TimeSpan.Zero, Ms(500));
    }

    [Fact]
    public void With_few_answers_the_report_comes_after_a_second()
    {
        using var scene = new NatScene(41, NatBehavior.PortRestrictedCone);
        var report = scene.Run([scene.DeadServer(), scene.DeadServer(), scene.PlainServer(), scene.PlainServer()], [scene.DeadServer()]);
        Assert.Equal(Ms(1000), scene.Took);
        Assert.Equal(FirewallType.Cone, report.Firewall);
    }

    [Fact]
    public void When_the_first_servers_are_silent_others_are_asked()
    {
        using var scene = new NatScene(43, NatBehavior.PortRestrictedCone);
        scene.Fallback.AddRange([scene.DeadServer(), scene.PlainServer()]);
        var report = scene.Run([scene.DeadServer(), scene.DeadServer()], []);
        Assert.NotNull(report.MappedEndpoint);
        Assert.InRange(scene.Took, Ms(1000), Ms(1500));
        Assert.Equal(4, report.ServersAsked);
    }

    [Fact]
    public void When_no_name_resolves_others_are_asked_at_once()
    {
        using var scene = new NatScene(47, NatBehavior.PortRestrictedCone);
        scene.Fallback.Add(scene.PlainServer());
        Assert.NotNull(scene.Run([], []).MappedEndpoint);
        Assert.InRange(scene.Took, TimeSpan.Zero, Ms(500));
    }

    [Fact]
    public void When_nobody_answers_UDP_is_blocked_after_three_seconds()
    {
        using var scene = new NatScene(53, NatBehavior.PortRestrictedCone);
        scene.Fallback.AddRange([scene.DeadServer(), scene.DeadServer()]);
        var report = scene.Run([scene.DeadServer(), scene.DeadServer()], [scene.DeadServer()]);
        Assert.Equal(FirewallType.UdpBlocked, report.Firewall);
        Assert.InRange(scene.Took, Ms(2900), Ms(3000));
        Assert.Equal("none of 4 STUN servers answered", report.Detail);
        Assert.Null(scene.Probe.MappedEndpoint);
    }

    [Fact]
    public void Names_that_do_not_resolve_are_not_nobody()
    {
        var probe = new NatProbe(RandomBytes(1));
        probe.Start(Start);
        for (var i = 0; i < 12; i++) probe.SkipServer();
        probe.CompleteServers(Start);
        probe.CompleteServers(Start);
        Assert.Equal(FirewallType.UdpBlocked, probe.Report!.Firewall);
        Assert.Equal("none of 12 STUN servers could be looked up", probe.Report.Detail);
    }

    [Fact]
    public void First_names_that_end_after_the_fallback_began_do_not_end_it()
    {
        var probe = new NatProbe(RandomBytes(1));
        probe.Start(Start);
        probe.HandleTimeout(Start + Ms(1000));
        Assert.True(probe.WantsMoreServers);
        probe.SkipServer();
        probe.CompleteServers(Start + Ms(1001));
        Assert.Null(probe.Report);
        probe.AddServer(Endpoint("198.51.100.1:3478"), Start + Ms(1002));
        probe.CompleteServers(Start + Ms(1002));
        Assert.Null(probe.Report);
        probe.HandleTimeout(Start + Ms(3000));
        Assert.Equal(1, probe.Report!.ServersAsked);
    }

    [Theory]
    [MemberData(nameof(Presets), DisableDiscoveryEnumeration = true)]
    public void One_living_server_with_two_addresses_among_dead_ones_is_enough(NatBehavior nat, FirewallType expected, EarlyPacketEffect early)
    {
        using var scene = new NatScene(83, nat);
        var server = scene.DiscoveryServer();
        var report = scene.Run([scene.DeadServer(), server, scene.DeadServer()], [scene.DeadServer(), server]);
        Assert.Equal((expected, early), (report.Firewall, report.EarlyPackets));
    }

    [Fact]
    public void Asking_nobody_is_said_to_be_so()
    {
        using var scene = new NatScene(59, NatBehavior.PortRestrictedCone);
        Assert.Equal(FirewallType.Unknown, scene.Run([], []).Firewall);
        Assert.Equal(TimeSpan.Zero, scene.Took);
    }

    [Fact]
    public void A_NAT_that_filters_per_host_is_not_called_full_cone_when_the_proof_was_written_to()
    {
        using var scene = new NatScene(61, NatBehavior.FullCone);
        var server = scene.DiscoveryServer();
        var other = UdpEndpoint.FromIPv4(server.IPv4Bits + 256, 3478);
        var report = scene.Run([server, other], [server]);
        Assert.Equal(FilteringBehavior.Unknown, report.Filtering);
        Assert.Equal(FirewallType.Cone, report.Firewall);
    }

    [Fact]
    public void The_mapping_survives_a_user_who_types_for_two_minutes()
    {
        using var scene = NatScene.RunUsual(67, NatBehavior.PortRestrictedCone with { MappingTimeout = TimeSpan.FromSeconds(15) });
        var before = scene.Host.Nats.Single().Table.MappingsMade;
        scene.Net.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal(before, scene.Host.Nats.Single().Table.MappingsMade);
        Assert.Empty(scene.Changes);
    }

    [Fact]
    public void A_NAT_that_restarts_while_the_user_types_is_noticed()
    {
        using var scene = NatScene.RunUsual(71, NatBehavior.PortRestrictedCone);
        scene.Net.RunFor(TimeSpan.FromSeconds(30));
        scene.Host.Nats.Single().Table.Restart();
        scene.Net.RunFor(TimeSpan.FromSeconds(15));
        var change = Assert.Single(scene.Changes);
        Assert.NotEqual(scene.Probe.Report!.MappedEndpoint, change);
        Assert.Equal(change, scene.Probe.MappedEndpoint);
    }

    [Fact]
    public void Keeping_alive_behind_a_symmetric_NAT_reports_no_changes_that_are_none()
    {
        using var scene = NatScene.RunUsual(73, NatBehavior.Symmetric);
        scene.Net.RunFor(TimeSpan.FromMinutes(10));
        Assert.Empty(scene.Changes);
    }

    [Fact]
    public void When_a_path_is_found_the_keep_alive_ends()
    {
        using var scene = NatScene.RunUsual(79, NatBehavior.PortRestrictedCone);
        scene.Probe.StopKeepAlive();
        Assert.Equal(Instant.Never, scene.Probe.NextTimeout);
    }
}
