using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Crossing;

public sealed class PortPredictionTests
{
    private static readonly UdpEndpoint Peer = UdpEndpoint.FromIPv4(0x19070102, 4300);

    [Fact]
    public void The_next_ports_come_in_the_order_of_the_NAT_and_what_may_have_been_missed_last()
    {
        var ports = Sweep(new PredictedPorts(40_000, 256, 24), TimeSpan.Zero);
        Assert.Equal(27, ports.Length);
        Assert.Equal([40_000, 40_256, 40_512], ports[..3]);
        Assert.Equal([40_000 + (24 * 256), 39_744, 39_488], ports[^3..]);
    }

    [Fact]
    public void Ports_may_fall_and_wrap_and_are_never_0()
    {
        var ports = Sweep(new PredictedPorts(2, -1, 4), TimeSpan.Zero);
        Assert.Equal([2, 1, 65_535, 65_534, 3, 4], ports);
    }

    [Fact]
    public void Behind_the_highest_port_comes_the_lowest_that_NATs_give()
    {
        Assert.Equal([65_534, 1024, 1026, 1028, 65_532, 65_530], Sweep(new PredictedPorts(65_534, 2, 3), TimeSpan.Zero));
        Assert.Equal([1024, 65_535, 65_534, 1025, 1026], Sweep(new PredictedPorts(1024, -1, 2), TimeSpan.Zero));
    }

    [Theory]
    [InlineData(60, 87)]
    [InlineData(10_000, 257)]
    public void An_old_ticket_is_searched_further_but_not_without_end(int seconds, int expected) =>
        Assert.Equal(expected, Sweep(new PredictedPorts(10_000, 1, 24), TimeSpan.FromSeconds(seconds)).Length);

    [Fact]
    public void Sweeps_follow_each_other_fast_for_ten_seconds_and_slowly_as_long_as_the_user_waits()
    {
        var prediction = new PortPrediction();
        prediction.Begin(Peer, new PredictedPorts(40_000, 1, 24), TimeSpan.Zero, Instant.Zero);
        var first = new List<double>();
        for (var now = Instant.Zero; now < Instant.Zero + TimeSpan.FromSeconds(60); now = prediction.Next)
            if (prediction.TryNext(now, out var probe) && probe.Port == 40_000) first.Add((now - Instant.Zero).TotalSeconds);
        Assert.Equal([0, 0.5, 1, 1.5], first[..4]);
        Assert.InRange(first.Count(at => at < 10), 20, 20);
        Assert.InRange(first.Count(at => at >= 10), 24, 26);
    }

    private static int[] Sweep(PredictedPorts ports, TimeSpan age)
    {
        var prediction = new PortPrediction();
        prediction.Begin(Peer, ports, age, Instant.Zero);
        var seen = new List<int>();
        for (var now = Instant.Zero; ; now = prediction.Next)
        {
            Assert.True(prediction.TryNext(now, out var probe));
            if (seen.Count > 0 && probe.Port == seen[0]) return [.. seen];
            Assert.True(probe.SameAddress(Peer) && probe.Port != 0);
            seen.Add(probe.Port);
        }
    }
}
