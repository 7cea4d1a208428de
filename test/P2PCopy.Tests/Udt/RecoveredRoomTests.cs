using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Transfers;
using P2PCopy.Udt;

namespace P2PCopy.Tests.Udt;

/// <summary>A path that carried less for a while is found to carry more again, whatever bounds the hard time has left behind.</summary>
public sealed class RecoveredRoomTests
{
    private const double Share = (SpeedLink.Mss - UdtOptions.HeaderBytes) / 1500.0;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void After_a_hard_time_the_path_is_full_again(ulong seed)
    {
        using var net = new SimNetwork(seed);
        var link = new SpeedLink("", 200, 1, 64, 0);
        var options = new UdtOptions { Mss = SpeedLink.Mss, DeliveryReports = true };
        var host = net.Host("left", link.Profile);
        var (_, right) = UdtPeer.Meet(net, host, net.Host("right", link.WayBack), options, options, bytes: 1L << 30);
        net.RunFor(TimeSpan.FromSeconds(1));

        // Half of it goes to somebody else, and the queue is nearly full of that.
        host.Uplink!.Profile = link.Profile with { BitsPerSecond = link.Profile.BitsPerSecond / 2, QueueBytes = link.Profile.QueueBytes / 4, Loss = 0.05 };
        net.RunFor(TimeSpan.FromSeconds(5));
        host.Uplink.Profile = link.Profile;
        net.RunFor(TimeSpan.FromSeconds(6));

        var before = right.Read;
        net.RunFor(TimeSpan.FromSeconds(3));
        var megabits = (right.Read - before) * 8e-6 / 3 / Share;
        TestContext.Current.TestOutputHelper?.WriteLine($"{megabits:0.0} Mbit/s of IP packets");
        Assert.InRange(megabits, 0.9 * link.Megabits, 1.01 * link.Megabits);
    }
}
