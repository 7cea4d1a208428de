using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Receiving;

namespace P2PCopy.Tests.Udt.Receiving;

public sealed class RateEstimatesTests
{
    private static readonly Instant Start = new(7_000_000_000);

    [Fact]
    public void Arrival_speed_is_unknown_until_16_gaps_were_seen()
    {
        var speed = new ArrivalSpeed();
        for (var i = 0; i < 16; i++) speed.OnPacket(Start + TimeSpan.FromMilliseconds(i));
        Assert.Equal(0u, speed.PacketsPerSecond());
        speed.OnPacket(Start + TimeSpan.FromMilliseconds(16));
        Assert.Equal(1000u, speed.PacketsPerSecond());
    }

    [Fact]
    public void Pauses_do_not_count_as_speed()
    {
        var speed = new ArrivalSpeed();
        var now = Start;
        speed.OnPacket(now);
        foreach (var gap in (int[])[500, 500, 500, 1_000_000, 500, 10, 500, 500, 20, 500, 1500, 500, 500, 500, 30_000, 500])
        {
            now += TimeSpan.FromMicroseconds(gap);
            speed.OnPacket(now);
        }

        // Eleven gaps of 500 and one of 1500 are near the median: 12 packets in 7000 µs.
        Assert.Equal(1715u, speed.PacketsPerSecond());
    }

    [Fact]
    public void Packets_of_a_train_share_the_time_until_the_next_arrival()
    {
        var speed = new ArrivalSpeed();
        var now = Start;
        foreach (var train in (int[])[40, 44, 44, 40, 1, 40, 44, 44, 40, 1, 40, 44, 44, 40, 1, 40, 44])
        {
            for (var i = 0; i < train; i++) speed.OnPacket(now);
            now += TimeSpan.FromMicroseconds(100 * train);
        }

        Assert.Equal(10_000u, speed.PacketsPerSecond());
    }

    [Fact]
    public void Arrival_speed_is_unknown_when_gaps_are_not_alike()
    {
        var speed = new ArrivalSpeed();
        var now = Start;
        speed.OnPacket(now);
        for (var i = 0; i < 16; i++)
        {
            now += TimeSpan.FromMicroseconds(i % 2 == 0 ? 10 : 10_000);
            speed.OnPacket(now);
        }

        Assert.Equal(0u, speed.PacketsPerSecond());
    }

    [Fact]
    public void Capacity_begins_at_1000_packets_per_second_as_in_the_reference() => Assert.Equal(1000u, new LinkCapacity().PacketsPerSecond());

    [Fact]
    public void The_gap_behind_each_sixteenth_packet_is_the_capacity()
    {
        var capacity = new LinkCapacity();
        var now = Start;
        for (var i = 0; i < 64 * 16; i++)
        {
            var number = new SequenceNumber(160 + (uint)i);
            now += TimeSpan.FromMicroseconds(number.Value % 16 == 1 ? 120 : 5000);
            capacity.OnPacket(i, number, now);
        }

        Assert.Equal(8334u, capacity.PacketsPerSecond());
    }

    [Fact]
    public void Pairs_that_are_broken_by_a_loss_or_an_overtaker_are_no_measure()
    {
        var capacity = new LinkCapacity();
        var now = Start;
        for (var i = 0; i < 6400; i += 16)
        {
            // 0 then 2: the successor is lost. Then 1 alone: the first was lost.
            capacity.OnPacket(i, new SequenceNumber((uint)i), now);
            capacity.OnPacket(i + 2, new SequenceNumber((uint)i + 2), now + TimeSpan.FromMicroseconds(10));
            capacity.OnPacket(i + 1, new SequenceNumber((uint)i + 1), now + TimeSpan.FromMicroseconds(20));
            now += TimeSpan.FromMilliseconds(1);
        }

        Assert.Equal(1000u, capacity.PacketsPerSecond());
    }

    [Fact]
    public void Pairs_that_came_in_one_train_were_as_close_as_the_clock_can_tell()
    {
        var capacity = new LinkCapacity();
        for (var i = 0; i < 64 * 16; i++) capacity.OnPacket(i, new SequenceNumber((uint)i), Start + TimeSpan.FromMilliseconds(i / 16));

        Assert.Equal(1_000_000u, capacity.PacketsPerSecond());
    }

    [Fact]
    public void The_first_packet_of_all_is_nobodys_successor()
    {
        var (first, second) = (new LinkCapacity(), new LinkCapacity());
        for (var i = 0; i < 64; i++)
        {
            first.OnPacket(0, new SequenceNumber(1), Start + TimeSpan.FromSeconds(i));
            second.OnPacket(500, new SequenceNumber(1), Start + TimeSpan.FromSeconds(i));
        }

        Assert.Equal(second.PacketsPerSecond(), first.PacketsPerSecond());
    }
}
