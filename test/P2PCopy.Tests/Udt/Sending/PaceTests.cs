using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Sending;

namespace P2PCopy.Tests.Udt.Sending;

/// <summary>When packets may leave, and how fast they are known to arrive.</summary>
public sealed class PaceTests
{
    private static readonly Instant Start = new(3_000_000_000);

    [Fact]
    public void Long_intervals_are_kept_one_by_one()
    {
        var pacer = new Pacer();
        SendAll(pacer, Start, 1000);
        for (var i = 1; i < 5; i++)
        {
            Assert.Equal(Start + TimeSpan.FromMicroseconds(1000 * i), pacer.NextSend);
            Assert.Equal(1, SendAll(pacer, pacer.NextSend, 1000));
        }
    }

    [Fact]
    public void Short_intervals_are_gathered_into_bursts_of_half_a_millisecond()
    {
        var pacer = new Pacer();
        SendAll(pacer, Start, 100);
        for (var i = 1; i < 5; i++)
        {
            Assert.Equal(Start + TimeSpan.FromMicroseconds(500 * i), pacer.NextSend);
            Assert.Equal(5, SendAll(pacer, pacer.NextSend, 100));
        }
    }

    [Fact]
    public void A_late_wake_catches_up_by_two_milliseconds_at_most()
    {
        var pacer = new Pacer();
        Assert.Equal(21, SendAll(pacer, Start, 100));
        Assert.Equal(10, SendAll(pacer, Start + TimeSpan.FromMicroseconds(1000), 100));
        Assert.Equal(21, SendAll(pacer, Start + TimeSpan.FromSeconds(5), 100));
    }

    [Fact]
    public void The_second_of_a_pair_follows_at_once_and_pays_for_both()
    {
        var pacer = new Pacer();
        SendAll(pacer, Start, 1000);
        var now = pacer.NextSend;
        Assert.True(pacer.MaySend(now, 1000));
        pacer.Sent(now, 1000, pairFollows: true);
        Assert.True(pacer.MaySend(now, 1000));
        pacer.Sent(now, 1000, pairFollows: false);
        Assert.False(pacer.MaySend(now, 1000));
        Assert.Equal(now + TimeSpan.FromMicroseconds(2000), pacer.NextSend);
    }

    [Fact]
    public void After_a_reset_the_next_packet_may_leave()
    {
        var pacer = new Pacer();
        SendAll(pacer, Start, 500_000);
        Assert.False(pacer.MaySend(Start, 500_000));
        pacer.Reset();
        Assert.True(pacer.MaySend(Start, 500_000));
    }

    [Fact]
    public void The_delivery_rate_is_that_of_the_last_round_trip()
    {
        var rate = new DeliveryRate();
        var (now, acknowledged) = (Start, 0L);
        Assert.Equal(0, rate.PacketsPerSecond);
        rate.Add(now, 0, TimeSpan.FromMilliseconds(30));
        Assert.Equal(0, rate.PacketsPerSecond);
        for (var i = 0; i < 100; i++) Add(100);
        Assert.Equal(10_000, rate.PacketsPerSecond, 6);
        Add(50);
        Assert.Equal(250 / 0.03, rate.PacketsPerSecond, 6);
        Add(50);
        Add(50);
        Assert.Equal(5000, rate.PacketsPerSecond, 6);

        void Add(int packets)
        {
            now += TimeSpan.FromMilliseconds(10);
            rate.Add(now, acknowledged += packets, TimeSpan.FromMilliseconds(30));
        }
    }

    [Fact]
    public void A_silent_receiver_is_poked_and_sent_the_newest_packet_at_exact_times()
    {
        var rtt = new RttEstimator();
        rtt.Sample(TimeSpan.FromMilliseconds(1));
        var probe = new SendProbe();
        probe.Sent(Start);
        Assert.Equal(["12 Poke", "23 ResendNewest", "24 Poke", "48 Poke", "69 ResendNewest", "96 Poke", "161 ResendNewest"], Next(7));
        probe.Progressed(Start);
        Assert.Equal(["12 Poke", "23 ResendNewest"], Next(2));

        List<string> Next(int count)
        {
            var actions = new List<string>();
            while (actions.Count < count)
            {
                var at = probe.NextTimeout(rtt);
                Assert.Equal(SendProbeAction.None, probe.Take(new Instant(at.Microseconds - 1), rtt));
                actions.Add($"{(at - Start).TotalMilliseconds} {probe.Take(at, rtt)}");
            }

            return actions;
        }
    }

    private static int SendAll(Pacer pacer, Instant now, double interval)
    {
        var sent = 0;
        for (; pacer.MaySend(now, interval); sent++) pacer.Sent(now, interval, pairFollows: false);
        return sent;
    }
}
