using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Transfers;
using P2PCopy.Udt;
using P2PCopy.Udt.Congestion;

namespace P2PCopy.Tests.Udt;

/// <summary>Ours beside a TCP that nobody taught anything: both share one line.</summary>
public sealed class PolitenessTests
{
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(100, 50, 256)]
    [InlineData(20, 30, 122)]
    public void A_cubic_flow_has_a_line_for_itself(double megabits, double roundTrip, int queue)
    {
        var (tcp, _) = Share(new SpeedLink("", megabits, roundTrip, queue, 0), seed: 1, ours: null);
        Assert.InRange(tcp, 0.9 * 1448 / 1500 * megabits, megabits);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void A_cubic_flow_keeps_a_third_of_the_line_and_ours_takes_a_fair_part(ulong seed)
    {
        var (tcp, ours) = Share(new SpeedLink("", 100, 50, 256, 0), seed, new UdtOptions { DeliveryReports = true });
        Assert.True(tcp > 33 && ours > 20, $"TCP {tcp:0.0}, ours {ours:0.0} of 100 Mbit/s");
    }

    [Theory]
    [InlineData(100, 50, 1024)]
    [InlineData(100, 50, 256)]
    [InlineData(20, 30, 122)]
    public void In_the_background_it_leaves_four_fifths_to_a_cubic_flow(double megabits, double roundTrip, int queue)
    {
        var (tcp, _) = Share(new SpeedLink("", megabits, roundTrip, queue, 0), seed: 1, Polite);
        Assert.True(tcp > 0.8 * megabits, $"TCP {tcp:0.0}");
    }

    [Theory]
    [InlineData(true, 100, 50, 256, 84)]
    [InlineData(true, 20, 30, 1220, 17)]
    [InlineData(false, 20, 30, 1220, 17)]
    public void In_the_background_it_fills_a_line_that_nobody_else_wants(bool reports, double megabits, double roundTrip, int queue, double least)
    {
        using var net = new SimNetwork(1);
        var (a, b) = net.Peers(ProfileOf(new SpeedLink("", megabits, roundTrip, queue, 0)));
        var options = Polite with { DeliveryReports = reports };
        var (_, right) = UdtPeer.Meet(net, a, b, options, options, long.MaxValue);
        net.RunFor(Settling);
        var before = right.Read;
        net.RunFor(Measured);
        Assert.True(Rate(right.Read - before) > least, $"{Rate(right.Read - before):0.0} Mbit/s");
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void A_limit_is_kept_and_used(bool reports)
    {
        using var net = new SimNetwork(1);
        var (a, b) = net.Peers(ProfileOf(new SpeedLink("", 100, 50, 256, 0)));
        var options = new UdtOptions { DeliveryReports = reports, MostBytesPerSecond = 1_000_000 };
        var (_, right) = UdtPeer.Meet(net, a, b, options, options, long.MaxValue);
        net.RunFor(Settling);
        var before = right.Read;
        net.RunFor(Measured);
        Assert.InRange((right.Read - before) / Measured.TotalSeconds, 970_000, 1_010_000);
    }

    private static UdtOptions Polite => new() { DeliveryReports = true, CongestionControl = () => new PoliteControl() };

    private static LinkProfile ProfileOf(SpeedLink link) => new()
    {
        BitsPerSecond = (long)(link.Megabits * 1e6),
        Delay = TimeSpan.FromMilliseconds(link.RoundTripMilliseconds / 2),
        QueueBytes = link.QueueKibibytes << 10,
    };

    private static (double Tcp, double Ours) Share(SpeedLink link, ulong seed, UdtOptions? ours)
    {
        using var net = new SimNetwork(seed);
        var (a, b) = net.Peers(ProfileOf(link));
        var receiver = b.Bind(6000, new CubicReceiver());
        var tcp = new CubicSender(receiver.Local);
        a.Bind(6000, tcp);
        net.RunFor(Alone);
        var right = ours is null ? null : UdtPeer.Meet(net, a, b, ours, ours, long.MaxValue).To;
        net.RunFor(Settling);
        var (tcpBefore, oursBefore) = (tcp.Delivered, right?.Read ?? 0);
        net.RunFor(Measured);
        return (Rate(tcp.Delivered - tcpBefore), Rate((right?.Read ?? 0) - oursBefore));
    }

    private static double Rate(long bytes) => bytes * 8 / Measured.TotalSeconds / 1e6;
}
