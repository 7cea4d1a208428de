using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Tickets;

public sealed class TicketDraftTests
{
    private static readonly UdpEndpoint Outside = UdpEndpoint.FromIPv4(0xcb007107, 4300);
    private static readonly UdpEndpoint Inside = UdpEndpoint.FromIPv4(0xc0a80117, 4300);
    private static readonly UdpEndpoint Forwarded = Outside.WithPort(61300);

    private static readonly NetworkReport HomeNat = new()
    {
        MappedEndpoint = Outside,
        LocalEndpoint = Inside,
        Mapping = MappingBehavior.EndpointIndependent,
        Filtering = FilteringBehavior.AddressAndPortDependent,
        EarlyPackets = EarlyPacketEffect.None,
        ServersAsked = 4,
        ServersAnswered = 4,
    };

    private static readonly HostAddress Lan = CandidateSelectionTests.Host("192.168.1.23", "eth0") with { HasGateway = true, IsPreferred = true };
    private static readonly HostAddress V6 = CandidateSelectionTests.Host("[2001:db8:4a:1:9c2f:11ff:fe3a:2]", "eth0") with { HasGateway = true, IsPreferred = true };
    private static readonly HostAddress LocalV6 = CandidateSelectionTests.Host("[fd12:3456:789a:1::23]", "eth0") with { HasGateway = true };

    [Fact]
    public void A_public_host_needs_its_address_alone()
    {
        var report = HomeNat with { LocalEndpoint = Outside, Mapping = MappingBehavior.None, Filtering = FilteringBehavior.EndpointIndependent };

        Assert.Equal(TicketVector.All[0].Text, Make(Draft(report, sends: false, Lan with { Address = Outside.WithPort(0) })));
    }

    [Fact]
    public void A_home_tells_its_inside_address() => Assert.Equal(TicketVector.All[1].Text, Make(Draft(HomeNat, sends: false, Lan, V6)));

    [Fact]
    public void IPv6_is_told_when_it_works_outwards() =>
        Assert.Equal(TicketVector.All[2].Text, Make(Draft(WithIPv6(HomeNat), sends: true, Lan, V6)));

    [Fact]
    public void A_forwarded_port_makes_reachable() =>
        Assert.Equal(TicketVector.All[3].Text, Make(Draft(WithIPv6(HomeNat), sends: true, Lan, V6) with { Mapped = Forwarded }));

    [Theory]
    [InlineData(0xc0a80107)]
    [InlineData(0x64400107)]
    [InlineData(0xcb007108)]
    public void A_forwarded_port_of_another_address_is_behind_a_second_NAT_and_not_told(uint address) =>
        Assert.Equal(TicketVector.All[1].Text, Make(Draft(HomeNat, sends: false, Lan) with { Mapped = UdpEndpoint.FromIPv4(address, 61300) }));

    [Fact]
    public void A_forwarded_port_in_front_makes_reachable_and_is_not_told_twice()
    {
        var ticket = (Draft(HomeNat, sends: false, Lan) with { Mapped = Outside }).Make(0)!;

        Assert.True(ticket.IsReachable);
        Assert.DoesNotContain(ticket.Candidates, candidate => candidate.Kind == CandidateKind.Mapped);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_forwarded_port_by_which_nothing_came_in_is_told_and_makes_nobody_reachable(bool? letsIn, bool isReachable)
    {
        var network = HomeNat with { PortMapping = new PortMappingReport(PortMappingOutcome.Mapped) { External = Forwarded, LetsIn = letsIn } };
        var ticket = (Draft(network, sends: false, Lan) with { Mapped = Forwarded }).Make(0)!;
        Assert.Equal(isReachable, ticket.IsReachable);
        Assert.Contains(ticket.Candidates, candidate => candidate.Kind == CandidateKind.Mapped);
    }

    [Fact]
    public void Ports_that_step_are_predicted_from_the_last_one_seen()
    {
        var report = HomeNat with
        {
            MappedEndpoint = Outside.WithPort(40012),
            Mapping = MappingBehavior.AddressAndPortDependent,
            EarlyPackets = EarlyPacketEffect.Unknown,
            PortStep = 2,
            SeenPorts = [40012, 40014, 40016, 40018],
        };
        var host = Lan with { Address = UdpEndpoint.FromIPv4(0x0a000005, 0) };

        Assert.Equal(TicketVector.All[4].Text, Make(Draft(report, sends: false, host)));
        Assert.Equal(new PredictedPorts(1024, 2, 24), Draft(report with { SeenPorts = [65530, 65532, 65534] }, sends: false).Make(0)!.PredictedPorts);
    }

    [Fact]
    public void Random_ports_of_one_block_tell_the_block()
    {
        var report = HomeNat with
        {
            MappedEndpoint = Outside.WithPort(40012),
            Mapping = MappingBehavior.AddressAndPortDependent,
            EarlyPackets = EarlyPacketEffect.Unknown,
            SeenPorts = [40012, 40900, 40100, 40959],
        };
        var host = Lan with { Address = UdpEndpoint.FromIPv4(0x64480105, 0) };

        Assert.Equal(TicketVector.All[5].Text, Make(Draft(report, sends: false, host)));
        Assert.Null(Draft(report with { SeenPorts = [40012, 40900, 1024, 40959] }, sends: false).Make(0)!.PortRange);
    }

    // PROTOCOL TKT-14.
    [Fact]
    public void The_own_network_can_be_kept_to_oneself()
    {
        var ticket = (Draft(WithIPv6(HomeNat), sends: true, Lan, V6, LocalV6) with { HidesLan = true }).Make(0)!;

        Assert.Equal([new Candidate(CandidateKind.HostV6, V6.Address.WithPort(4300))], ticket.Candidates);
        Assert.Null((Draft(Silence, sends: true, Lan, LocalV6) with { HidesLan = true }).Make(0));
    }

    [Fact]
    public void IPv6_can_be_kept_to_oneself()
    {
        var ticket = (Draft(WithIPv6(HomeNat), sends: true, Lan, V6, LocalV6) with { HidesIPv6 = true }).Make(0)!;

        Assert.Equal([new Candidate(CandidateKind.Host, Inside)], ticket.Candidates);
    }

    [Fact]
    public void Without_any_server_the_own_network_is_in_front()
    {
        var ticket = Draft(Silence, sends: true, Lan, LocalV6).Make(0)!;

        Assert.Equal(Inside, ticket.Primary);
        Assert.Equal([new Candidate(CandidateKind.HostV6, LocalV6.Address.WithPort(4300))], ticket.Candidates);
        Assert.Equal(MappingBehavior.Unknown, ticket.Mapping);
        Assert.False(ticket.IsReachable);
    }

    [Fact]
    public void With_IPv6_alone_its_address_is_in_front_and_no_NAT_behind_it()
    {
        var ticket = Draft(WithIPv6(Silence), sends: true, V6).Make(0)!;

        Assert.Equal(V6.Address.WithPort(4300), ticket.Primary);
        Assert.Equal((MappingBehavior.None, FilteringBehavior.Unknown, EarlyPacketEffect.None), (ticket.Mapping, ticket.Filtering, ticket.EarlyPackets));
        Assert.Empty(ticket.Candidates);
    }

    [Fact]
    public void On_one_machine_loopback_is_all_there_is()
    {
        var loopback = UdpEndpoint.FromIPv4(0x7f000001, 4300);

        Assert.Equal(loopback, Draft(HomeNat with { MappedEndpoint = loopback }, sends: true, Lan).Make(0)!.Primary);
        Assert.Empty(Draft(HomeNat with { MappedEndpoint = loopback }, sends: true, Lan).Make(0)!.Candidates);
        Assert.Equal(loopback, Draft(Silence with { LocalEndpoint = loopback }, sends: true).Make(0)!.Primary);
    }

    [Fact]
    public void With_no_address_at_all_there_is_no_ticket() => Assert.Null(Draft(new NetworkReport(), sends: true).Make(0));

    [Fact]
    public void However_many_addresses_there_are_the_ticket_stays_readable()
    {
        var draft = Draft(HomeNat, sends: true, Lan) with { FurtherReflexive = [.. Enumerable.Range(1, 40).Select(n => UdpEndpoint.FromIPv4(0xc6336400u + (uint)n, 4300))] };

        Assert.Equal(TicketFault.None, TicketReader.Read(Make(draft), null, 0).Fault);
    }

    private static NetworkReport Silence => new() { ServersAsked = 4 };

    private static NetworkReport WithIPv6(NetworkReport report) => report with { IPv6Works = true, IPv6Endpoint = V6.Address.WithPort(50000) };

    private static TicketDraft Draft(NetworkReport report, bool sends, params HostAddress[] hosts) => new()
    {
        PublicKey = TicketVector.Home.Ticket.PublicKey,
        WantsToSend = sends,
        Network = report,
        Port = 4300,
        HostAddresses = hosts,
    };

    private static string Make(TicketDraft draft) => draft.Make(TicketVector.Home.Ticket.Minute)!.ToString();
}
