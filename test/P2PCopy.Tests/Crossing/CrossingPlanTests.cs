using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Crossing;

/// <summary>The rows of the table of pairs that need no NAT to be tried out; the others are those of <see cref="CrossingMatrixTests"/>.</summary>
public sealed class CrossingPlanTests
{
    private static readonly UdpEndpoint Here = UdpEndpoint.FromIPv4(0x19070102, 4300);
    private static readonly UdpEndpoint There = UdpEndpoint.FromIPv4(0x19080102, 4300);

    [Fact]
    public void Two_that_are_seen_at_one_address_are_taken_for_neighbours_whatever_their_NAT() =>
        Assert.Equal(CrossingKind.SharedNetwork, CrossingPlan.Between(Random(Here), Random(Here.WithPort(999))).Kind);

    [Fact]
    public void IPv6_on_both_sides_needs_no_NAT_to_be_crossed()
    {
        var own = Random(Here) with { Candidates = [new Candidate(CandidateKind.HostV6, UdpEndpoint.FromIPv6(0x2a00_0007_0000_0001, 2, 4300))] };
        var peer = Random(There) with { Candidates = [new Candidate(CandidateKind.HostV6, UdpEndpoint.FromIPv6(0x2a00_0007_0000_0002, 2, 4300))] };
        Assert.Equal(CrossingKind.Direct, CrossingPlan.Between(own, peer).Kind);
        Assert.Equal(CrossingKind.Hopeless, CrossingPlan.Between(own, peer with { Candidates = [] }).Kind);
    }

    [Fact]
    public void A_forwarded_port_opens_even_a_random_NAT() =>
        Assert.Equal(CrossingKind.Direct, CrossingPlan.Between(Random(Here), Random(There) with { IsReachable = true }).Kind);

    [Fact]
    public void Both_sides_choose_the_same_means_and_parts_that_fit_together()
    {
        Ticket[] sides = [Easy(FilteringBehavior.AddressAndPortDependent), Easy(FilteringBehavior.AddressDependent), Random(Here), Stepping()];
        foreach (var own in sides)
        {
            foreach (var other in sides)
            {
                var peer = other with { Primary = There };
                var (mine, theirs) = (CrossingPlan.Between(own, peer), CrossingPlan.Between(peer, own));
                Assert.Equal(mine.Kind, theirs.Kind);
                Assert.Equal(mine.Sprays, theirs.Sockets > 0);
                Assert.Equal(theirs.Sprays, mine.Sockets > 0);
                Assert.False(mine.Sprays && theirs.Sprays);
            }
        }
    }

    [Fact]
    public void A_block_of_ports_makes_fewer_sockets_and_guesses_of_it_alone()
    {
        var block = Random(Here) with { PortRange = new PortRange(40960, 41471) };
        var peer = Easy(FilteringBehavior.AddressAndPortDependent) with { Primary = There };
        Assert.Equal(64, CrossingPlan.Between(block, peer).Sockets);
        Assert.Equal(256, CrossingPlan.Between(Random(Here), peer).Sockets);
        Assert.Equal(block.PortRange, CrossingPlan.Between(peer, block).SprayRange);
    }

    private static Ticket Easy(FilteringBehavior filtering) => Of(Here, MappingBehavior.EndpointIndependent) with
    {
        Filtering = filtering,
        EarlyPackets = EarlyPacketEffect.None,
    };

    private static Ticket Random(UdpEndpoint at) => Of(at, MappingBehavior.AddressAndPortDependent);

    private static Ticket Stepping() => Random(Here) with { PredictedPorts = new PredictedPorts(40_000, 1, 24) };

    private static Ticket Of(UdpEndpoint at, MappingBehavior mapping) => new()
    {
        Primary = at,
        PublicKey = new PublicKey(Enumerable.Repeat((byte)7, PublicKey.Length).ToArray()),
        Mapping = mapping,
        Filtering = FilteringBehavior.AddressAndPortDependent,
    };
}
