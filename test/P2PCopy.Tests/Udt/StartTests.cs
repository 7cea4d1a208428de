using P2PCopy.Datagrams;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Transfers;
using P2PCopy.Udt;
using P2PCopy.Udt.Congestion;

namespace P2PCopy.Tests.Udt;

/// <summary>How soon a copy has found the rate of its path, and what finding it costs.</summary>
public sealed class StartTests
{
    private const double Share = (SpeedLink.Mss - UdtOptions.HeaderBytes) / 1500.0;

    // The first flight is told to be small; what it shows within itself makes the second fill the path, and the third one is measured.
    [Theory]
    [InlineData(20, 100)]
    [InlineData(100, 50)]
    [InlineData(100, 200)]
    [InlineData(100, 400)]
    public void The_path_is_full_after_three_round_trips(int megabits, int roundTrip)
    {
        using var net = new SimNetwork(1);
        var link = new SpeedLink("", megabits, roundTrip, megabits * roundTrip / 8, 0);
        var options = new UdtOptions { Mss = SpeedLink.Mss, DeliveryReports = true, SendBufferPackets = 32768, ReceiveBufferPackets = 32768 };
        var (left, right) = UdtPeer.Meet(net, net.Host("left", link.Profile), net.Host("right", link.WayBack), options, options, bytes: 64 << 20);
        while (right.Read == 0) net.RunFor(TimeSpan.FromMilliseconds(1));
        net.RunFor(TimeSpan.FromMilliseconds(2.5 * roundTrip));
        var before = right.Read;
        net.RunFor(TimeSpan.FromMilliseconds(roundTrip));
        Assert.InRange((right.Read - before) * 8e-3 / roundTrip / Share, 0.9 * megabits, 1.01 * megabits);
        Assert.InRange(left.Connection!.Statistics.PacketsResent, 0, left.Connection.Statistics.PacketsSent / 20);
    }

    [Fact]
    public void A_train_tells_the_rate_at_which_it_passes()
    {
        Assert.Equal(1000, RateOf(sentEvery: 0.5, arrivingEvery: 1), 1e-6);
        Assert.Equal(1000, RateOf(sentEvery: 1, arrivingEvery: 0.1), 1e-6);
    }

    [Fact]
    public void A_short_train_tells_nothing()
    {
        Assert.Equal(0, RateOf(sentEvery: 0.01, arrivingEvery: 0.01));
        Assert.Equal(0, RateOf(sentEvery: 1, arrivingEvery: 1, packets: 32));
    }

    // Milliseconds between packets; the train begins with the first report and is told with the last.
    private static double RateOf(double sentEvery, double arrivingEvery, int packets = 64)
    {
        var (train, rate) = (new TrainRate(), 0.0);
        for (var i = 1; i <= packets; i++)
        {
            var sample = new DeliverySample
            {
                Delivered = 1000 + i,
                SentAt = Instant.Zero + TimeSpan.FromMilliseconds(i * sentEvery),
                Arrival = Instant.Zero + TimeSpan.FromMilliseconds(500 + (i * arrivingEvery)),
            };
            rate = train.Take(sample, begins: i == 1, TimeSpan.Zero);
        }

        return rate;
    }
}
