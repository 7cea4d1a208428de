using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.PortMapping.Wire;

namespace P2PCopy.Tests.PortMapping;

/// <summary>Who is asked when, and what is said about it.</summary>
public sealed class PortMapperPlanTests
{
    private static readonly UdpEndpoint Outside = UdpEndpoint.FromIPv4(0x19070102, 4300);

    [Fact]
    public void A_router_that_speaks_PCP_is_asked_nothing_else()
    {
        var scene = new RouterScene();
        scene.Start(TimeSpan.FromSeconds(5));
        Assert.Equal(new PortMappingReport(PortMappingOutcome.Mapped) { Protocol = PortMappingProtocols.Pcp, External = Outside }, Assert.Single(scene.Told).Report);
        Assert.Equal(4, (scene.Told[0].At - Instant.Zero).TotalMilliseconds);
        Assert.DoesNotContain(scene.Router.Heard, heard => heard.What is not ("PCP" or "search"));
        Assert.Single(scene.Router.Heard, heard => heard.What == "PCP");
    }

    [Fact]
    public void One_that_knows_NAT_PMP_only_says_so_and_is_asked_that_way_at_once()
    {
        var scene = new RouterScene { Router = { Speaks = PortMappingProtocols.NatPmp } };
        scene.Start(TimeSpan.FromSeconds(5));
        Assert.Equal(4, scene.FirstAsked("NAT-PMP"));
        Assert.Equal(new PortMappingReport(PortMappingOutcome.Mapped) { Protocol = PortMappingProtocols.NatPmp, External = Outside }, Assert.Single(scene.Told).Report);
    }

    [Fact]
    public void One_that_is_silent_about_PCP_is_asked_by_NAT_PMP_after_a_tenth_of_a_second_and_by_UPnP_after_three()
    {
        var scene = new RouterScene { Router = { Speaks = PortMappingProtocols.Upnp } };
        scene.Start(TimeSpan.FromSeconds(5));
        Assert.Equal([0.0, 250], scene.Router.Heard.Where(heard => heard.What == "PCP").Select(heard => (heard.At - Instant.Zero).TotalMilliseconds - 2));
        Assert.Equal(100, scene.FirstAsked("NAT-PMP"));
        Assert.Equal(100, scene.FirstAsked("UPnP description"));
        Assert.Equal(300, scene.FirstAsked("UPnP AddAnyPortMapping"));
        Assert.Equal(0, scene.FirstAsked("search"));
        Assert.Equal(new PortMappingReport(PortMappingOutcome.Mapped) { Protocol = PortMappingProtocols.Upnp, External = Outside }, Assert.Single(scene.Told).Report);
        Assert.True(scene.Told[0].At < Instant.Zero + TimeSpan.FromMilliseconds(320));
    }

    [Fact]
    public void One_without_any_service_costs_a_second_and_a_few_packets()
    {
        var scene = new RouterScene { Router = { Speaks = PortMappingProtocols.None } };
        scene.Start(TimeSpan.FromMinutes(10));
        var (at, report) = Assert.Single(scene.Told);
        Assert.Equal((1.0, PortMappingOutcome.NoService), ((at - Instant.Zero).TotalSeconds, report.Outcome));
        Assert.InRange(scene.Router.Heard.Count, 1, (3 * 8) + 13);
    }

    [Theory]
    [InlineData(PortMappingProtocols.Pcp, "PCP")]
    [InlineData(PortMappingProtocols.NatPmp, "NAT-PMP")]
    [InlineData(PortMappingProtocols.Upnp, "UPnP description")]
    public void Who_wants_one_way_only_gets_that_one_at_once(PortMappingProtocols only, string asked)
    {
        var scene = new RouterScene(only);
        scene.Start(TimeSpan.FromSeconds(3));
        Assert.Equal(only, scene.Last!.Protocol);
        Assert.InRange(scene.FirstAsked(asked), 0, 4);
        foreach (var other in new[] { "PCP", "NAT-PMP", "UPnP description" }) Assert.Equal(other == asked, scene.HasAsked(other));
    }

    [Fact]
    public void Refusals_are_told_as_such()
    {
        var scene = new RouterScene { Router = { PcpSays = PcpResult.NotAuthorized, NatPmpSays = 2, Speaks = PortMappingProtocols.Pcp | PortMappingProtocols.NatPmp } };
        scene.Start(TimeSpan.FromSeconds(5));
        Assert.Equal(PortMappingOutcome.Refused, Assert.Single(scene.Told).Report.Outcome);
    }

    [Fact]
    public void A_refusal_by_both_leads_to_UPnP_at_once()
    {
        var scene = new RouterScene { Router = { PcpSays = PcpResult.NotAuthorized, NatPmpSays = 2 } };
        scene.Start(TimeSpan.FromSeconds(2));
        Assert.InRange(scene.FirstAsked("UPnP description"), 0, 20);
        Assert.Equal(PortMappingProtocols.Upnp, scene.Last!.Protocol);
    }

    [Fact]
    public void A_NAT_between_us_and_the_router_ends_the_asking()
    {
        var scene = new RouterScene { Router = { PcpSays = PcpResult.AddressMismatch } };
        scene.Start(TimeSpan.FromSeconds(2));
        Assert.Equal(PortMappingOutcome.SecondNat, Assert.Single(scene.Told).Report.Outcome);
        Assert.False(scene.HasAsked("NAT-PMP"));
        Assert.False(scene.HasAsked("UPnP description"));
    }

    [Theory]
    [InlineData(PortMappingProtocols.Pcp)]
    [InlineData(PortMappingProtocols.NatPmp)]
    [InlineData(PortMappingProtocols.Upnp)]
    public void A_router_that_refuses_because_it_has_no_address_of_the_internet_is_understood(PortMappingProtocols protocol)
    {
        var scene = new RouterScene(protocol) { Router = { Outside = UdpEndpoint.FromIPv4(0x64400102, 0), PcpSays = PcpResult.NoResources, NatPmpSays = 3 } };
        scene.Router.UpnpErrors.Enqueue(501);
        scene.Router.UpnpErrors.Enqueue(501);
        scene.Start(TimeSpan.FromSeconds(2));
        Assert.Equal(PortMappingOutcome.SecondNat, Assert.Single(scene.Told).Report.Outcome);
        scene.Close();
        Assert.Empty(scene.Router.Table);
    }

    [Theory]
    [InlineData(PortMappingProtocols.Pcp)]
    [InlineData(PortMappingProtocols.NatPmp)]
    [InlineData(PortMappingProtocols.Upnp)]
    public void A_router_whose_own_address_is_not_of_the_internet_is_told_to_forget_the_port(PortMappingProtocols protocol)
    {
        var scene = new RouterScene(protocol) { Router = { Outside = UdpEndpoint.FromIPv4(0x64400102, 0) } };
        scene.Start(TimeSpan.FromSeconds(2));
        Assert.Equal(PortMappingOutcome.SecondNat, Assert.Single(scene.Told).Report.Outcome);
        Assert.Empty(scene.Router.Table);
    }

    [Fact]
    public void A_late_answer_still_counts()
    {
        var scene = new RouterScene(PortMappingProtocols.Pcp) { Router = { Delay = TimeSpan.FromSeconds(1.8) } };
        scene.Start(TimeSpan.FromSeconds(3.6));
        Assert.Equal([PortMappingOutcome.NoService, PortMappingOutcome.Mapped], scene.Told.Select(told => told.Report.Outcome));
        Assert.Equal(3.6, (scene.Told[1].At - Instant.Zero).TotalSeconds);
    }

    [Fact]
    public void Nobody_else_than_the_router_is_heard()
    {
        var scene = new RouterScene { IsCut = true };
        scene.Start();
        Span<byte> forged = stackalloc byte[PcpRequest.Length];
        ReadOnlySpan<byte> nonce = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var answer = new PcpAnswer { Nonce = nonce, Protocol = PcpRequest.Udp, InsidePort = 4300, Lifetime = 1200, External = Outside };
        answer.Write(forged);
        scene.Inject(forged, UdpEndpoint.FromIPv4(0x0a010003, PcpRequest.ServerPort));
        scene.Inject(forged, SimRouter.Address.WithPort(5350));
        Assert.Null(scene.Last);
        scene.Inject(forged, SimRouter.Address.WithPort(PcpRequest.ServerPort));
        Assert.Equal(PortMappingOutcome.Mapped, scene.Last!.Outcome);
    }

    [Theory]
    [InlineData(24, "nonce")]
    [InlineData(36, "protocol")]
    [InlineData(41, "internal port")]
    [InlineData(0, "version")]
    [InlineData(1, "opcode")]
    public void An_answer_of_PCP_to_another_question_changes_nothing(int at, string field)
    {
        var scene = new RouterScene(PortMappingProtocols.Pcp) { IsCut = true };
        scene.Start();
        Span<byte> forged = stackalloc byte[PcpRequest.Length];
        ReadOnlySpan<byte> nonce = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        new PcpAnswer { Nonce = nonce, Protocol = PcpRequest.Udp, InsidePort = 4300, Lifetime = 1200, External = Outside }.Write(forged);
        forged[at] ^= 0x40;
        scene.Inject(forged, SimRouter.Address.WithPort(PcpRequest.ServerPort));
        Assert.True(scene.Last is null, field);
    }

    [Theory]
    [InlineData(0, "version")]
    [InlineData(1, "opcode")]
    [InlineData(9, "internal port")]
    public void An_answer_of_NAT_PMP_to_another_question_changes_nothing(int at, string field)
    {
        Span<byte> answer = stackalloc byte[16];
        foreach (var (isForged, expected) in new[] { (true, false), (false, true) })
        {
            var scene = new RouterScene(PortMappingProtocols.NatPmp) { IsCut = true };
            scene.Start();
            var from = SimRouter.Address.WithPort(PcpRequest.ServerPort);
            scene.Inject(answer[..new NatPmpAnswer { Address = Outside.IPv4Bits }.Write(answer)], from);
            new NatPmpAnswer { IsMap = true, InsidePort = 4300, ExternalPort = 4300, Lifetime = 1200 }.Write(answer);
            if (isForged) answer[at] ^= 0x40;
            scene.Inject(answer, SimRouter.Address.WithPort(5350));
            scene.Inject(answer, UdpEndpoint.FromIPv4(0x0a010003, PcpRequest.ServerPort));
            Assert.Null(scene.Last);
            scene.Inject(answer, from);
            Assert.True(expected == (scene.Last?.Outcome == PortMappingOutcome.Mapped), field);
        }
    }
}
