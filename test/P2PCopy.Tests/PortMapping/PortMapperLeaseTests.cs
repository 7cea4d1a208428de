using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.PortMapping.Wire;

namespace P2PCopy.Tests.PortMapping;

/// <summary>How a mapping is kept, and given back.</summary>
public sealed class PortMapperLeaseTests
{
    public static TheoryData<PortMappingProtocols> Each => [PortMappingProtocols.Pcp, PortMappingProtocols.NatPmp, PortMappingProtocols.Upnp];

    [Theory]
    [MemberData(nameof(Each))]
    public void A_mapping_lives_for_hours_though_it_is_asked_for_for_twenty_minutes_only(PortMappingProtocols protocol)
    {
        var scene = new RouterScene(protocol);
        scene.Start(TimeSpan.FromSeconds(2));
        for (var minute = 0; minute < 300; minute++)
        {
            scene.Pass(60);
            var end = Assert.Single(scene.Router.Table).Value;
            Assert.InRange((end - scene.Now).TotalSeconds, 590, 1200);
        }

        Assert.Single(scene.Told);
        Assert.InRange(scene.Router.Nonces.Count, 0, 1);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void It_is_taken_back_in_the_end(PortMappingProtocols protocol)
    {
        var scene = new RouterScene(protocol);
        scene.Start(TimeSpan.FromSeconds(2));
        Assert.Single(scene.Router.Table);
        scene.Close();
        Assert.Empty(scene.Router.Table);
        Assert.True(scene.Mapper.HasSaidFarewell);
        Assert.Equal(Instant.Never, scene.Mapper.NextTimeout);
    }

    [Fact]
    public void Taking_back_is_over_after_an_answer_or_after_three_tenths_of_a_second()
    {
        var scene = new RouterScene();
        scene.Start(TimeSpan.FromSeconds(2));
        scene.Mapper.Close(scene.Now);
        scene.Pass(0.01);
        Assert.True(scene.Mapper.HasSaidFarewell);

        scene = new RouterScene();
        scene.Start(TimeSpan.FromSeconds(2));
        scene.Mapper.Close(scene.Now);
        scene.IsCut = true;
        scene.Pass(0.299);
        Assert.False(scene.Mapper.HasSaidFarewell);
        scene.Pass(0.002);
        Assert.True(scene.Mapper.HasSaidFarewell);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void What_was_not_answered_yet_is_taken_back_too(PortMappingProtocols protocol)
    {
        // At each moment of the talk: the router may have done what it has not said yet.
        for (var stop = 1; stop < 60; stop++)
        {
            var scene = new RouterScene(protocol) { Router = { Delay = TimeSpan.FromMilliseconds(4) } };
            scene.Start(TimeSpan.FromMilliseconds(stop));
            scene.Close();
            Assert.True(scene.Router.Table.Count == 0, $"stopped after {stop} ms");
        }
    }

    [Fact]
    public void A_way_that_lost_the_race_is_taken_back_as_well()
    {
        // PCP answers when NAT-PMP has been asked already.
        var scene = new RouterScene { Router = { Delay = TimeSpan.FromMilliseconds(60) } };
        scene.Start(TimeSpan.FromSeconds(3));
        Assert.Equal(PortMappingProtocols.Pcp, Assert.Single(scene.Told).Report.Protocol);
        scene.Close();
        Assert.True(scene.HasAsked("PCP delete"));
        Assert.True(scene.HasAsked("NAT-PMP delete"));
        Assert.Empty(scene.Router.Table);
    }

    [Theory]
    [InlineData(PortMappingProtocols.Pcp, 18_000, 90)]
    [InlineData(PortMappingProtocols.NatPmp, 18_000, 90)]
    [InlineData(PortMappingProtocols.Pcp, 0, 1)]
    [InlineData(PortMappingProtocols.NatPmp, 0, 1)]
    [InlineData(PortMappingProtocols.Pcp, 5, 5)]
    [InlineData(PortMappingProtocols.NatPmp, 5, 5)]
    public void A_router_that_was_started_anew_has_the_mapping_again_within_half_a_minute_however_short_it_had_run(
        PortMappingProtocols protocol, int ranBefore, int ranSince)
    {
        var scene = new RouterScene(protocol) { Router = { Start = Instant.Zero - TimeSpan.FromSeconds(ranBefore) } };
        scene.Start(TimeSpan.FromSeconds(ranSince));
        scene.Router.Reboot(scene.Now);
        Assert.Empty(scene.Router.Table);
        scene.Pass(30);
        Assert.Single(scene.Router.Table);
        Assert.Single(scene.Told);
    }

    [Theory]
    [InlineData(PortMappingProtocols.Pcp, PcpResult.NetworkFailure, 0)]
    [InlineData(PortMappingProtocols.Pcp, PcpResult.NoResources, 0)]
    [InlineData(PortMappingProtocols.NatPmp, PcpResult.Success, 3)]
    [InlineData(PortMappingProtocols.NatPmp, PcpResult.Success, 4)]
    public void A_router_that_is_without_its_line_for_some_minutes_is_believed_again_when_it_is_back(
        PortMappingProtocols protocol, object pcpSays, int natPmpSays)
    {
        var scene = new RouterScene(protocol);
        scene.Start(TimeSpan.FromSeconds(2));
        scene.Router.Reboot(scene.Now);
        (scene.Router.PcpSays, scene.Router.NatPmpSays) = ((PcpResult)pcpSays, (ushort)natPmpSays);
        var (outside, another) = (scene.Router.Outside, UdpEndpoint.FromIPv4(0x19070107, 0));
        scene.Router.Outside = UdpEndpoint.FromIPv4(0, 0);
        scene.Pass(300);
        Assert.Single(scene.Told);
        Assert.Equal(outside.WithPort(4300), scene.Last!.External);

        (scene.Router.PcpSays, scene.Router.NatPmpSays, scene.Router.Outside) = (PcpResult.Success, 0, another);
        scene.Pass(31);
        Assert.Equal(another.WithPort(4300), scene.Last!.External);
        Assert.Single(scene.Router.Table);
    }

    [Theory]
    [InlineData(PortMappingProtocols.Pcp)]
    [InlineData(PortMappingProtocols.NatPmp)]
    public void A_router_whose_service_is_switched_off_has_no_mapping_half_a_minute_later(PortMappingProtocols protocol)
    {
        var scene = new RouterScene(protocol);
        scene.Start(TimeSpan.FromSeconds(2));
        (scene.Router.PcpSays, scene.Router.NatPmpSays) = (PcpResult.NotAuthorized, 2);
        scene.Pass(31);
        Assert.Equal(PortMappingOutcome.Refused, scene.Last!.Outcome);
    }

    [Fact]
    public void A_change_of_the_routers_address_is_noticed_within_half_a_minute_by_NAT_PMP()
    {
        var scene = new RouterScene(PortMappingProtocols.NatPmp);
        scene.Start(TimeSpan.FromSeconds(90));
        scene.Router.Outside = UdpEndpoint.FromIPv4(0x19070107, 0);
        scene.Pass(31);
        Assert.Equal(UdpEndpoint.FromIPv4(0x19070107, 4300), scene.Last!.External);
    }

    [Fact]
    public void A_router_that_falls_silent_loses_the_mapping_when_its_time_is_over()
    {
        var scene = new RouterScene(PortMappingProtocols.Pcp);
        scene.Start(TimeSpan.FromSeconds(2));
        scene.IsCut = true;
        scene.Pass(1190);
        Assert.Single(scene.Told);
        scene.Pass(20);
        Assert.Equal(PortMappingOutcome.NoService, scene.Last!.Outcome);

        // And asks for it again when it is told that something happened.
        scene.IsCut = false;
        scene.Mapper.Refresh(scene.Now);
        scene.Pass(1);
        Assert.Equal(PortMappingOutcome.Mapped, scene.Last!.Outcome);
    }

    [Fact]
    public void A_lost_renewal_is_asked_again_in_time()
    {
        var scene = new RouterScene(PortMappingProtocols.Pcp);
        scene.Start(TimeSpan.FromSeconds(590));
        scene.IsCut = true;
        scene.Pass(30);
        scene.IsCut = false;
        scene.Pass(580);
        Assert.Single(scene.Told);
        Assert.InRange((Assert.Single(scene.Router.Table).Value - scene.Now).TotalSeconds, 300, 1200);
    }

    [Fact]
    public void A_short_life_is_renewed_at_its_half()
    {
        var scene = new RouterScene(PortMappingProtocols.Pcp) { Router = { LongestLifetime = 10 } };
        scene.Start(TimeSpan.FromSeconds(40));
        var asked = scene.Router.Heard.Where(heard => heard.What == "PCP").Select(heard => (heard.At - Instant.Zero).TotalSeconds).ToArray();
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.Equal(5, pair.Second - pair.First, 2));
    }

    [Theory]
    [InlineData(PortMappingProtocols.Pcp)]
    [InlineData(PortMappingProtocols.NatPmp)]
    public void A_life_of_a_few_seconds_is_no_mapping(PortMappingProtocols protocol)
    {
        var scene = new RouterScene(protocol) { Router = { LongestLifetime = 7 } };
        scene.Start(TimeSpan.FromMinutes(1));
        Assert.Equal(PortMappingOutcome.Refused, Assert.Single(scene.Told).Report.Outcome);
    }

    [Fact]
    public void A_lifetime_of_a_century_is_believed_for_a_day() => Assert.Equal(TimeSpan.FromHours(24), MappingGrant.Believed(uint.MaxValue));

    [Fact]
    public void A_mapping_is_dropped_when_the_router_says_at_renewal_that_a_NAT_is_between()
    {
        var scene = new RouterScene(PortMappingProtocols.Pcp);
        scene.Start(TimeSpan.FromSeconds(2));
        scene.Router.PcpSays = PcpResult.AddressMismatch;
        scene.Pass(650);
        Assert.Equal(PortMappingOutcome.SecondNat, scene.Last!.Outcome);
    }
}
