using System.Diagnostics;
using P2PCopy.Datagrams;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Simulation;

public class SimNetworkTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [MemberData(nameof(Links))]
    public void Same_seed_gives_the_same_run_and_another_seed_another(LinkProfile link)
    {
        var first = Run(link, seed: 7);
        Assert.Equal(first, Run(link, seed: 7));
        Assert.NotEqual(first, Run(link, seed: 8));
    }

    public static TheoryData<LinkProfile> Links => [.. LinkProfile.All, LinkProfile.Random(new SeededRandom(1)), LinkProfile.Random(new SeededRandom(2))];

    [Fact]
    public void An_echo_takes_one_round_trip()
    {
        using var net = new SimNetwork(1);
        var (left, right) = net.Peers(new LinkProfile { Delay = TimeSpan.FromMilliseconds(40) });
        var (ping, pong) = (new PingPong(), new PingPong());
        left.Bind(5000, ping);
        var target = right.Bind(6000, pong).Local;
        var start = net.Now;
        ping.SendAt(target, 1, Minute, start);
        net.RunUntil(() => ping.Pongs.Count == 1, Minute);
        Assert.Equal((0u, target, start + TimeSpan.FromMilliseconds(80)), ping.Pongs[0]);
        Assert.Equal(start + TimeSpan.FromMilliseconds(40), pong.Pings[0].At);
        Assert.Equal(left.Address.WithPort(5000), pong.Pings[0].From);
    }

    [Fact]
    public void The_clock_starts_where_the_seed_says_and_far_from_zero()
    {
        var starts = Enumerable.Range(0, 100).Select(seed => new SimNetwork((ulong)seed).Now).ToHashSet();
        Assert.Equal(100, starts.Count);
        Assert.All(starts, start => Assert.True(start - Instant.Zero >= TimeSpan.FromDays(1)));
    }

    [Fact]
    public void A_host_that_moves_has_other_addresses_and_the_same_sockets()
    {
        using var net = new SimNetwork(5);
        var link = new LinkProfile { Delay = TimeSpan.FromMilliseconds(30) };
        var (left, right) = net.Peers(NatBehavior.FullCone, NatBehavior.Open, link);
        var (ping, pong) = (new PingPong(), new PingPong());
        var socket = left.Bind(5000, ping);
        var target = right.Bind(6000, pong).Local;
        ping.SendOnce(target);
        net.RunUntil(() => pong.Pings.Count == 1, Minute);

        // The answer is under way to where it was.
        var former = left.AddressV6;
        net.Move(left, link, NatBehavior.PortRestrictedCone);
        net.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(ping.Pongs);

        ping.SendOnce(target);
        net.RunUntil(() => ping.Pongs.Count == 1, Minute);
        Assert.NotEqual(pong.Pings[0].From, pong.Pings[1].From);
        Assert.Equal(left.Address, socket.Local.WithPort(0));
        Assert.NotEqual(former, left.AddressV6);
    }

    [Fact]
    public void Hosts_speak_by_version_six_as_well()
    {
        using var net = new SimNetwork(3);
        var (left, right) = net.Peers(NatBehavior.FirewallStateful, NatBehavior.Open, LinkProfile.Lan);
        var (ping, pong) = (new PingPong(), new PingPong());
        left.Bind(5000, ping);
        right.Bind(6000, pong);
        ping.SendOnce(right.AddressV6!.Value.WithPort(6000));
        net.RunUntil(() => ping.Pongs.Count == 1, Minute);
        Assert.Equal(left.AddressV6!.Value.WithPort(5000), pong.Pings[0].From);
    }

    [Fact]
    public void A_test_can_lose_the_very_datagram_it_is_about()
    {
        using var net = new SimNetwork(9);
        var (left, right) = net.Peers(LinkProfile.Lan);
        var (ping, pong) = (new PingPong(), new PingPong());
        left.Bind(5000, ping);
        right.Bind(6000, pong);
        var seen = 0;
        net.Loses = datagram => datagram.Destination.Port == 6000 && ++seen == 3;
        ping.SendAt(right.Address.WithPort(6000), 5, TimeSpan.FromSeconds(1), net.Now);
        net.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal([0u, 1u, 3u, 4u], ping.Pongs.Select(answer => answer.Number));
    }

    [Fact]
    public void A_missed_goal_names_seed_and_time_and_shows_what_happened()
    {
        using var net = new SimNetwork(0xfeedUL);
        var (left, right) = net.Peers(LinkProfile.Lan with { Loss = 1 });
        var ping = new PingPong();
        left.Bind(5000, ping);
        ping.SendAt(right.Address.WithPort(9), 1000, TimeSpan.FromSeconds(1), net.Now);
        var failure = Assert.Throws<SimulationException>(() => net.RunUntil(() => ping.Pongs.Count > 0, TimeSpan.FromSeconds(90)));
        Assert.Contains("seed 65261", failure.Message, StringComparison.Ordinal);
        Assert.Contains("virtual time 90 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("^ lost", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_in_which_nothing_can_happen_fails_at_once()
    {
        using var net = new SimNetwork(5);
        Assert.Throws<SimulationException>(() => net.RunUntil(() => false, Minute));
    }

    [Fact]
    public void A_broken_invariant_ends_the_run_with_its_name()
    {
        using var net = new SimNetwork(5);
        var (left, right) = net.Peers(LinkProfile.Lan);
        var (ping, pong) = (new PingPong(), new PingPong());
        left.Bind(5000, ping);
        right.Bind(6000, pong);
        net.Invariants.Add(new Invariant("fewer than three pings", () => pong.Pings.Count < 3));
        ping.SendAt(right.Address.WithPort(6000), 10, TimeSpan.FromSeconds(1), net.Now);
        var failure = Assert.Throws<SimulationException>(() => net.RunUntil(() => false, Minute));
        Assert.Contains("fewer than three pings", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, pong.Pings.Count);
    }

    [Fact]
    public void The_application_may_act_after_each_step_and_what_it_causes_leaves_at_once()
    {
        using var net = new SimNetwork(6);
        var (left, right) = net.Peers(new LinkProfile { Delay = TimeSpan.FromMilliseconds(5) });
        var (ping, pong) = (new PingPong(), new PingPong());
        var target = right.Bind(6000, pong).Local;
        var sent = 1;
        left.Bind(5000, ping, _ =>
        {
            if (ping.Pongs.Count == sent && sent++ < 10) ping.SendOnce(target);
        });
        var start = net.Now;
        ping.SendOnce(target);
        net.RunUntil(() => ping.Pongs.Count == 10, Minute);
        Assert.Equal(TimeSpan.FromMilliseconds(100), net.Now - start);
    }

    [Fact]
    public void Tens_of_thousands_of_datagrams_take_a_fraction_of_a_second()
    {
        var best = TimeSpan.MaxValue;
        for (var seed = 1UL; seed <= 5; seed++)
        {
            var began = Stopwatch.GetTimestamp();
            Assert.True(Transfer(seed, count: 10_000) >= 20_000);
            var took = Stopwatch.GetElapsedTime(began);
            best = took < best ? took : best;
        }

        TestContext.Current.SendDiagnosticMessage($"{best.TotalMilliseconds} ms");

        // A quiet machine needs 20 ms; the best of five is little disturbed by what else runs.
        Assert.True(best < TimeSpan.FromMilliseconds(400), $"{best.TotalMilliseconds} ms for 20,000 datagrams");
    }

    [Fact]
    public void A_steady_flow_allocates_nothing_per_datagram()
    {
        using var net = new SimNetwork(1);
        var (left, right) = net.Peers(LinkProfile.Fibre with { Loss = 0.01, Duplicate = 0.01, Jitter = TimeSpan.FromMilliseconds(1) });
        var (source, sink) = (new Blaster(TimeSpan.FromMicroseconds(200)), new Blaster(TimeSpan.Zero));
        left.Bind(5000, source);
        right.Bind(6000, sink);
        source.Start(right.Address.WithPort(6000), net.Now);
        net.RunFor(TimeSpan.FromSeconds(1));
        var (before, received) = (GC.GetAllocatedBytesForCurrentThread(), sink.Received);
        net.RunFor(TimeSpan.FromSeconds(4));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(sink.Received - received > 19_000);
        Assert.True(allocated < 10_000, $"{allocated} bytes");
    }

    private static long Transfer(ulong seed, int count)
    {
        using var net = new SimNetwork(seed);
        var (left, right) = net.Peers(NatBehavior.FullCone, NatBehavior.Open, LinkProfile.LongFat);
        var (ping, pong) = (new PingPong(1400), new PingPong(1400));
        left.Bind(5000, ping);
        right.Bind(6000, pong);
        ping.SendAt(right.Address.WithPort(6000), count, TimeSpan.FromMicroseconds(50), net.Now);
        net.RunUntil(() => ping.Pongs.Count > 0.99 * count, Minute);
        return net.Trace.Count;
    }

    private static (ulong, long, Instant) Run(LinkProfile link, ulong seed)
    {
        using var net = new SimNetwork(seed);
        var (left, right) = net.Peers(NatBehavior.Symmetric, NatBehavior.Open, link);
        var (ping, pong) = (new PingPong(), new PingPong());
        left.Bind(5000, ping);
        right.Bind(6000, pong);
        ping.SendAt(right.Address.WithPort(6000), 200, TimeSpan.FromMilliseconds(3), net.Now);
        net.RunFor(TimeSpan.FromSeconds(5));
        Assert.NotEmpty(ping.Pongs);
        return (net.Trace.Digest, net.Trace.Count, net.Now);
    }

    /// <summary>Sends at a pace for ever and counts, without a byte of garbage.</summary>
    private sealed class Blaster(TimeSpan pace) : IDatagramProtocol
    {
        private UdpEndpoint _target;
        private bool _due;

        public int Received { get; private set; }

        public Instant NextTimeout { get; private set; } = Instant.Never;

        public void Start(UdpEndpoint target, Instant now) => (_target, NextTimeout) = (target, now + pace);

        public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => true;

        public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now) => Received++;

        public void HandleTimeout(Instant now)
        {
            if (now < NextTimeout) return;
            NextTimeout += pace;
            _due = true;
        }

        public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
        {
            transmit = new Transmit(1000, _target);
            (var due, _due) = (_due, false);
            return due;
        }
    }
}
