using P2PCopy.Datagrams;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;

namespace P2PCopy.Tests.Simulation;

public class SimLinkTests
{
    private const int Many = 100_000;
    private static readonly Instant Start = new(123_456_789_012);

    [Fact]
    public void Delay_is_exact()
    {
        var arrivals = Pass(new LinkProfile { Delay = TimeSpan.FromMicroseconds(12_345) }, 3, TimeSpan.FromMilliseconds(1));
        Assert.Equal([12_345, 13_345, 14_345], arrivals.Select(a => a.Microseconds));
    }

    [Fact]
    public void A_train_of_datagrams_takes_exactly_its_bits_at_the_rate()
    {
        // 1000 datagrams of 1250 bytes are ten million bits.
        var arrivals = Pass(new LinkProfile { BitsPerSecond = 10_000_000, QueueBytes = 2_000_000 }, 1000, TimeSpan.Zero, length: 1250);
        Assert.Equal(1000, arrivals[0].Microseconds);
        Assert.Equal(1_000_000, arrivals[^1].Microseconds);
        arrivals = Pass(new LinkProfile { BitsPerSecond = 7_000_000, QueueBytes = 2_000_000 }, 1000, TimeSpan.Zero, length: 875);
        Assert.Equal(1_000_000, arrivals[^1].Microseconds);
    }

    [Fact]
    public void Headers_count_for_the_rate()
    {
        var (link, pool) = Create(new LinkProfile { BitsPerSecond = 8_000_000 });
        var datagram = pool.Rent(100);
        (datagram.Length, datagram.HeaderBytes) = (100, 28);
        link.Send(datagram, Start);
        Assert.Equal(Start + TimeSpan.FromMicroseconds(128), link.NextDelivery);
    }

    [Fact]
    public void The_queue_holds_what_it_says_behind_the_one_being_sent_and_drops_the_rest()
    {
        var (link, pool) = Create(new LinkProfile { BitsPerSecond = 8_000_000, QueueBytes = 10_000 });
        var fates = Enumerable.Range(0, 20).Select(i => Send(link, pool, 1000, Start)).ToList();

        // At the first instant the one being sent counts whole, so ten find room in all.
        Assert.Equal(10, fates.Count(fate => fate == LinkFate.Carried));
        Assert.Equal(10, link.Counters.QueueFull);

        // A millisecond later one has left.
        Assert.Equal(LinkFate.Carried, Send(link, pool, 1000, Start + TimeSpan.FromMilliseconds(1)));
        Assert.Equal(LinkFate.QueueFull, Send(link, pool, 1000, Start + TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void An_idle_line_takes_a_datagram_longer_than_its_queue()
    {
        var (link, pool) = Create(new LinkProfile { BitsPerSecond = 8_000_000, QueueBytes = 100 });
        Assert.Equal(LinkFate.Carried, Send(link, pool, 1000, Start));
        Assert.Equal(LinkFate.QueueFull, Send(link, pool, 1000, Start));
    }

    [Fact]
    public void Packets_longer_than_the_mtu_vanish_in_a_black_hole()
    {
        var (link, pool) = Create(new LinkProfile { Mtu = 1400, Fragments = false });
        Assert.Equal(LinkFate.Carried, Send(link, pool, 1400, Start));
        Assert.Equal(LinkFate.TooLong, Send(link, pool, 1401, Start));
    }

    [Fact]
    public void What_must_not_be_cut_vanishes_on_any_link_that_is_too_narrow()
    {
        var (link, pool) = Create(new LinkProfile { Mtu = 1400 });
        foreach (var whole in (bool[])[true, false])
        {
            var datagram = pool.Rent(1401);
            (datagram.Length, datagram.HeaderBytes, datagram.DontFragment) = (1401, 0, whole);
            Assert.Equal(whole ? LinkFate.TooLong : LinkFate.Carried, link.Send(datagram, Start));
        }
    }

    [Fact]
    public void Elsewhere_they_pass_in_pieces_that_cost_a_header_and_a_risk_each()
    {
        // 1476 bytes of content behind one header fill pieces of 1376, 100: two headers in all.
        var (link, pool) = Create(new LinkProfile { Mtu = 1400, BitsPerSecond = 8_000_000 });
        Assert.Equal(LinkFate.Carried, Send(link, pool, 1496, Start));
        Assert.Equal(Start + TimeSpan.FromMicroseconds(1516), link.NextDelivery);

        // A packet of two pieces is lost with 1 − 0.9².
        var received = Pass(new LinkProfile { Mtu = 1400, Loss = 0.1 }, 10_000, TimeSpan.FromMicroseconds(1), length: 1496).Count;
        Assert.InRange(10_000 - received, 1700, 2100);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.02)]
    [InlineData(0.5)]
    public void Single_loss_is_within_five_deviations_of_its_rate(double loss)
    {
        var received = Pass(new LinkProfile { Loss = loss }, Many, TimeSpan.FromMicroseconds(1)).Count;
        var deviation = Math.Sqrt(Many * loss * (1 - loss));
        Assert.InRange(Many - received, (Many * loss) - (5 * deviation), (Many * loss) + (5 * deviation));
    }

    [Fact]
    public void Losses_in_bursts_have_the_average_and_the_length_asked_for()
    {
        var burst = BurstLoss.FromAverage(0.02, 8);
        Assert.Equal(0.02, burst.AverageLoss, 10);
        var received = Pass(new LinkProfile { BurstLoss = burst }, Many, TimeSpan.FromMicroseconds(1)).Select(a => a.Number).ToHashSet();
        var lost = Enumerable.Range(0, Many).Where(i => !received.Contains(i)).ToList();
        var bursts = lost.Count(i => i == 0 || received.Contains(i - 1));

        // About 250 bursts of 8 ± 7.5: five deviations of their sum are 30 per cent.
        Assert.InRange(lost.Count / (double)Many, 0.013, 0.027);
        Assert.InRange(lost.Count / (double)bursts, 5.5, 10.5);
    }

    [Fact]
    public void What_is_lost_in_the_air_has_used_the_line()
    {
        var (link, pool) = Create(new LinkProfile { BitsPerSecond = 8_000_000, BurstLoss = new BurstLoss(1, 1) });
        Assert.Equal(LinkFate.Lost, Send(link, pool, 1000, Start));
        Assert.Equal(LinkFate.Carried, Send(link, pool, 1000, Start));
        Assert.Equal(Start + TimeSpan.FromMilliseconds(2), link.NextDelivery);
    }

    [Fact]
    public void Corruption_flips_exactly_one_bit_anywhere()
    {
        var (link, pool) = Create(new LinkProfile { Corrupt = 1 });
        HashSet<int> places = [];
        for (var i = 0; i < 1000; i++)
        {
            var datagram = pool.Rent(8);
            datagram.Length = 8;
            BitConverter.TryWriteBytes(datagram.Buffer, 0x0123456789abcdefUL);
            link.Send(datagram, Start);
            Assert.True(link.TryDeliver(Start, out var delivered));
            var flipped = BitConverter.ToUInt64(delivered.Payload) ^ 0x0123456789abcdefUL;
            Assert.Equal(1, System.Numerics.BitOperations.PopCount(flipped));
            places.Add(System.Numerics.BitOperations.TrailingZeroCount(flipped));
            pool.Return(delivered);
        }

        Assert.Equal(64, places.Count);
    }

    [Fact]
    public void A_black_out_loses_what_is_sent_in_it_and_nothing_else()
    {
        var profile = new LinkProfile { Delay = TimeSpan.FromMilliseconds(50), BlackOuts = [new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2))] };
        var arrivals = Pass(profile, 50, TimeSpan.FromMilliseconds(100));
        Assert.Equal([.. Enumerable.Range(0, 10), .. Enumerable.Range(30, 20)], arrivals.Select(a => a.Number));
    }

    [Fact]
    public void A_link_that_is_down_carries_nothing_until_it_is_up_again()
    {
        var (link, pool) = Create(LinkProfile.Ideal);
        link.IsDown = true;
        Assert.Equal(LinkFate.BlackedOut, Send(link, pool, 100, Start));
        link.IsDown = false;
        Assert.Equal(LinkFate.Carried, Send(link, pool, 100, Start));
    }

    [Fact]
    public void Jitter_stays_in_its_bounds_and_keeps_the_order_unless_told_otherwise()
    {
        var profile = new LinkProfile { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(5) };
        var step = TimeSpan.FromMilliseconds(1);
        var inOrder = Pass(profile, 10_000, step);
        Assert.Equal(inOrder.Select(a => a.Number).Order(), inOrder.Select(a => a.Number));
        Assert.All(inOrder, a => Assert.InRange(a.Microseconds - (a.Number * 1000L), 10_000, 15_000));

        var disordered = Pass(profile with { JitterReorders = true }, 10_000, step);
        Assert.NotEqual(disordered.Select(a => a.Number).Order(), disordered.Select(a => a.Number));
        Assert.InRange(disordered.Average(a => a.Microseconds - (a.Number * 1000L)), 12_400, 12_600);
    }

    [Fact]
    public void Reordered_datagrams_come_late_and_hold_up_nobody()
    {
        var profile = new LinkProfile { Reorder = 0.1, ReorderBy = TimeSpan.FromMicroseconds(2_500) };
        var arrivals = Pass(profile, 10_000, TimeSpan.FromMilliseconds(1));
        var late = arrivals.Count(a => a.Microseconds == (a.Number * 1000L) + 2_500);
        Assert.Equal(10_000, late + arrivals.Count(a => a.Microseconds == a.Number * 1000L));
        Assert.InRange(late, 850, 1150);
    }

    [Fact]
    public void Duplicates_are_equal_and_counted()
    {
        var (link, pool) = Create(new LinkProfile { Duplicate = 0.25 });
        for (var i = 0; i < 1000; i++) Send(link, pool, 10, Start);
        var delivered = 0;
        for (; link.TryDeliver(Start, out var datagram); delivered++) pool.Return(datagram);
        Assert.InRange(delivered, 1180, 1320);
        Assert.Equal(delivered - 1000, link.Counters.Duplicated);
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void Every_datagram_is_accounted_for_on_any_link()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var (link, pool) = Create(LinkProfile.Random(new SeededRandom(seed)), seed);
            for (var i = 0; i < 2000; i++) Send(link, pool, 1200, Start + TimeSpan.FromMicroseconds(i * 500));
            while (link.TryDeliver(Start + TimeSpan.FromMilliseconds(700), out var datagram)) pool.Return(datagram);
            var c = link.Counters;
            Assert.Equal(c.Sent + c.Duplicated, c.Delivered + c.Lost + c.QueueFull + c.TooLong + c.BlackedOut + link.InFlight);
            link.Clear();
            Assert.Equal(0, pool.Outstanding);
        }
    }

    [Fact]
    public void A_profile_names_each_knob_that_is_turned()
    {
        Assert.Equal("ideal", LinkProfile.Ideal.ToString());
        Assert.Equal("dsl (10 Mbit/s, queue 128 KiB, 20 ms, loss 0.0001, MTU 1492)", LinkProfile.Dsl.ToString());
    }

    private static (SimLink Link, DatagramPool Pool) Create(LinkProfile profile, ulong seed = 42)
    {
        var pool = new DatagramPool();
        return (new SimLink(profile, new SeededRandom(seed), pool, Start), pool);
    }

    private static LinkFate Send(SimLink link, DatagramPool pool, int length, Instant now, int number = 0)
    {
        var datagram = pool.Rent(length);
        (datagram.Length, datagram.HeaderBytes) = (length, 0);
        BitConverter.TryWriteBytes(datagram.Buffer, number);
        return link.Send(datagram, now);
    }

    // Sends numbered datagrams at a pace; what came out, with the time since the start.
    private static List<(int Number, long Microseconds)> Pass(LinkProfile profile, int count, TimeSpan pace, int length = 100)
    {
        var (link, pool) = Create(profile);
        for (var i = 0; i < count; i++) Send(link, pool, length, Start + (i * pace), i);
        List<(int, long)> arrivals = [];
        while (link.NextDelivery is var due && link.TryDeliver(due, out var datagram))
        {
            arrivals.Add((BitConverter.ToInt32(datagram.Buffer), (due - Start).Ticks / TimeSpan.TicksPerMicrosecond));
            pool.Return(datagram);
        }

        return arrivals;
    }
}
