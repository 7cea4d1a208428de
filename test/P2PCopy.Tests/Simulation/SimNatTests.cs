using P2PCopy.Datagrams;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Simulation;

/// <summary>Each behaviour by what RFC 4787 says of it, seen from the outside as a STUN server would.</summary>
public class SimNatTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("full-cone", true, true, true)]
    [InlineData("restricted-cone", true, true, false)]
    [InlineData("port-restricted-cone", true, false, false)]
    [InlineData("port-restricted-p", true, false, false)]
    [InlineData("symmetric", false, false, false)]
    [InlineData("symmetric-stepping", false, false, false)]
    [InlineData("firewall", true, false, false)]
    [InlineData("open", true, true, true)]
    public void Presets_map_and_filter_as_their_names_say(string name, bool sameMapping, bool otherPortMaySend, bool strangersMaySend)
    {
        using var lab = new Lab(NatBehavior.All.Single(nat => nat.Name == name));
        var first = lab.SeenFrom(lab.ServerA);
        var second = lab.SeenFrom(lab.ServerB);
        Assert.Equal(sameMapping, first == second);
        Assert.True(lab.Reaches(lab.ServerA, first));
        Assert.Equal(otherPortMaySend, lab.Reaches(lab.ServerAOtherPort, first));
        Assert.Equal(strangersMaySend, lab.Reaches(lab.Stranger, first));
    }

    [Theory]
    [InlineData("full-cone", true)]
    [InlineData("port-restricted-p", true)]
    [InlineData("symmetric", false)]
    [InlineData("firewall", true)]
    public void Ports_are_kept_by_those_that_keep_them(string name, bool kept)
    {
        using var lab = new Lab(NatBehavior.All.Single(nat => nat.Name == name));
        Assert.Equal(kept, lab.SeenFrom(lab.ServerA).Port == Lab.InsidePort);
        Assert.Equal(name == "firewall", lab.SeenFrom(lab.ServerA).SameAddress(lab.Inside.Address));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(-3)]
    [InlineData(256)]
    public void Stepping_ports_can_be_foretold(int step)
    {
        using var lab = new Lab(NatBehavior.SymmetricStepping with { PortChoice = PortChoice.Sequential(step) });
        int[] ports = [lab.SeenFrom(lab.ServerA).Port, lab.SeenFrom(lab.ServerB).Port, lab.SeenFrom(lab.ServerAOtherPort).Port];
        const int Range = 65536 - 1024;
        Assert.Equal((step + Range) % Range, (ports[1] - ports[0] + Range) % Range);
        Assert.Equal((step + Range) % Range, (ports[2] - ports[1] + Range) % Range);
    }

    [Fact]
    public void Two_hosts_with_the_same_inside_port_get_different_outside_ports()
    {
        using var lab = new Lab(NatBehavior.FullCone);
        var other = new PingPong();
        lab.Net.HostBehind(lab.Inside.Nats.Single(), "other").Bind(Lab.InsidePort, other);
        var first = lab.SeenFrom(lab.ServerA);
        other.SendOnce(lab.ServerA.Local);
        lab.Net.RunUntil(() => other.Pongs.Count == 1, Minute);
        var second = lab.ServerA.Machine.Pings[^1].From;
        Assert.True(second.SameAddress(first));
        Assert.NotEqual(first.Port, second.Port);
    }

    [Fact]
    public void A_mapping_dies_without_traffic_and_lives_with_it()
    {
        using var lab = new Lab(NatBehavior.Symmetric with { MappingTimeout = TimeSpan.FromSeconds(30) });
        var first = lab.SeenFrom(lab.ServerA);
        for (var i = 0; i < 5; i++)
        {
            lab.Net.RunFor(TimeSpan.FromSeconds(29));
            Assert.Equal(first, lab.SeenFrom(lab.ServerA));
        }

        lab.Net.RunFor(TimeSpan.FromSeconds(31));
        Assert.False(lab.Reaches(lab.ServerA, first));
        Assert.NotEqual(first, lab.SeenFrom(lab.ServerA));
    }

    [Fact]
    public void A_restarted_nat_moves_every_flow()
    {
        using var lab = new Lab(NatBehavior.PortRestrictedCone);
        var first = lab.SeenFrom(lab.ServerA);
        lab.Inside.Nats.Single().Table.Restart();
        Assert.False(lab.Reaches(lab.ServerA, first));
        Assert.NotEqual(first, lab.SeenFrom(lab.ServerA));
    }

    [Theory]
    [InlineData("port-restricted-cone", true)]
    [InlineData("symmetric", false)]
    public void A_flushed_nat_lets_nothing_in_until_a_flow_goes_on_and_chooses_its_port_as_before(string name, bool same)
    {
        using var lab = new Lab(NatBehavior.All.Single(nat => nat.Name == name));
        var first = lab.SeenFrom(lab.ServerA);
        lab.Inside.Nats.Single().Table.Flush();
        Assert.False(lab.Reaches(lab.ServerA, first));
        Assert.Equal(same, lab.SeenFrom(lab.ServerA) == first);
        Assert.Equal(same, lab.Reaches(lab.ServerA, first));
    }

    [Fact]
    public void Hosts_that_are_kept_from_each_other_still_reach_everybody_else()
    {
        using var lab = new Lab(NatBehavior.FullCone with { Hairpin = true });
        var outside = lab.SeenFrom(lab.ServerA);
        var neighbour = new PingPong();
        var nat = lab.Inside.Nats.Single();
        lab.Net.HostBehind(nat, "neighbour").Bind(7000, neighbour);
        nat.IsolatesHosts = true;
        neighbour.SendOnce(lab.Inside.Address.WithPort(Lab.InsidePort));
        neighbour.SendOnce(outside);
        neighbour.SendOnce(lab.ServerA.Local);
        lab.Net.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([1u, 2u], neighbour.Pongs.Select(pong => pong.Number).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hosts_behind_one_nat_meet_at_its_outside_only_by_hairpin(bool hairpin)
    {
        using var lab = new Lab(NatBehavior.FullCone with { Hairpin = hairpin });
        var outside = lab.SeenFrom(lab.ServerA);
        var neighbour = new PingPong();
        lab.Net.HostBehind(lab.Inside.Nats.Single(), "neighbour").Bind(7000, neighbour);
        neighbour.SendOnce(outside);
        lab.Net.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(hairpin ? 1 : 0, neighbour.Pongs.Count);

        // REQ-9a: whoever is reached sees the outside address.
        if (hairpin) Assert.True(lab.Machine.Pings.Single().From.SameAddress(outside));

        neighbour.SendOnce(lab.Inside.Address.WithPort(Lab.InsidePort));
        lab.Net.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(hairpin ? 2 : 1, neighbour.Pongs.Count);
    }

    [Fact]
    public void Nothing_passes_where_udp_is_blocked()
    {
        using var lab = new Lab(NatBehavior.UdpBlocked);
        lab.Machine.SendOnce(lab.ServerA.Local);
        lab.Net.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(lab.ServerA.Machine.Pings);
    }

    [Fact]
    public void Behind_two_nats_the_outer_one_is_seen_and_the_stricter_one_filters()
    {
        using var lab = new Lab(NatBehavior.FullCone, NatBehavior.PortRestrictedCone);
        var seen = lab.SeenFrom(lab.ServerA);
        Assert.True(seen.SameAddress(lab.Inside.Nats.Last().OutsideAddress));
        Assert.Equal(0x6440u, lab.Inside.Nats.First().OutsideAddress.IPv4Bits >> 16);
        Assert.True(lab.Reaches(lab.ServerA, seen));
        Assert.False(lab.Reaches(lab.Stranger, seen));
    }

    [Theory]
    [InlineData("port-restricted-cone", false)]
    [InlineData("port-restricted-p", true)]
    public void An_early_datagram_of_the_peer_moves_our_port_on_a_p_nat_alone(string name, bool moves)
    {
        using var lab = new Lab(NatBehavior.All.Single(nat => nat.Name == name));
        var mapped = lab.SeenFrom(lab.ServerA);
        Assert.False(lab.Reaches(lab.Stranger, mapped));
        var toStranger = lab.SeenFrom(lab.Stranger);
        Assert.Equal(moves, toStranger != mapped);

        // Everybody else still sees the port of before, and the moved flow keeps its own.
        Assert.Equal(mapped, lab.SeenFrom(lab.ServerB));
        Assert.Equal(toStranger, lab.SeenFrom(lab.Stranger));
        Assert.True(lab.Reaches(lab.Stranger, toStranger));
    }

    [Fact]
    public void A_p_nat_forgets_an_early_datagram_only_when_the_peer_is_silent()
    {
        using var lab = new Lab(NatBehavior.PortRestrictedP);
        var mapped = lab.SeenFrom(lab.ServerA);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(lab.Reaches(lab.Stranger, mapped));
            lab.Net.RunFor(TimeSpan.FromSeconds(20));
        }

        lab.Net.RunFor(TimeSpan.FromSeconds(11));
        Assert.Equal(mapped, lab.SeenFrom(lab.Stranger));
    }

    [Fact]
    public void An_opener_with_few_hops_opens_our_nat_and_never_reaches_the_peers()
    {
        using var lab = new Lab(NatBehavior.PortRestrictedP);
        var mapped = lab.SeenFrom(lab.ServerA);
        foreach (var hops in (byte[])[2, 4, 6])
        {
            lab.Machine.TimeToLive = hops;
            lab.Machine.SendOnce(lab.Stranger.Local);
            lab.Net.RunFor(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(lab.Stranger.Machine.Pings);
        Assert.True(lab.Reaches(lab.Stranger, mapped));

        // With a single hop it does not even pass our own.
        lab.Machine.TimeToLive = 1;
        lab.Machine.SendOnce(lab.ServerB.Local);
        Assert.False(lab.Reaches(lab.ServerB, mapped));
    }

    private sealed record Server(UdpEndpoint Local, PingPong Machine);

    private sealed class Lab : IDisposable
    {
        public const ushort InsidePort = 5000;

        public Lab(params NatBehavior[] nats)
        {
            Inside = Net.Host("inside", LinkProfile.Lan, nats);
            Inside.Bind(InsidePort, Machine);
            var a = Net.PublicHost("a");
            ServerA = Bind(a, 3478);
            ServerAOtherPort = Bind(a, 3479);
            ServerB = Bind(Net.PublicHost("b"), 3478);
            Stranger = Bind(Net.PublicHost("stranger"), 3478);
        }

        public SimNetwork Net { get; } = new(11);

        public SimHost Inside { get; }

        public PingPong Machine { get; } = new();

        public Server ServerA { get; }

        public Server ServerAOtherPort { get; }

        public Server ServerB { get; }

        public Server Stranger { get; }

        /// <summary>Sends to the server: the address it sees.</summary>
        public UdpEndpoint SeenFrom(Server server)
        {
            var before = server.Machine.Pings.Count;
            Machine.SendOnce(server.Local);
            Net.RunUntil(() => server.Machine.Pings.Count > before, Minute);
            return server.Machine.Pings[^1].From;
        }

        /// <summary>Whether what the server sends there arrives inside.</summary>
        public bool Reaches(Server server, UdpEndpoint outside)
        {
            var before = Machine.Pings.Count;
            server.Machine.SendOnce(outside);
            Net.RunFor(TimeSpan.FromSeconds(0.5));
            return Machine.Pings.Count > before;
        }

        public void Dispose() => Net.Dispose();

        private static Server Bind(SimHost host, ushort port)
        {
            var machine = new PingPong();
            return new Server(host.Bind(port, machine).Local, machine);
        }
    }
}
