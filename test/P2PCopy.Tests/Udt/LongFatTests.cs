using System.Globalization;
using P2PCopy.Cli.Commands.Sealed;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Transfers;
using P2PCopy.Udt;
using P2PCopy.Udt.Receiving;

namespace P2PCopy.Tests.Udt;

/// <summary>The windows of a copy on a path of 10 Gbit/s and 100 ms, and the memory that they take there and elsewhere. PROTOCOL UDT-28.</summary>
public sealed class LongFatTests
{
    /// <summary>Content of a sealed packet of 1,500 bytes.</summary>
    private const int Payload = SpeedLink.Mss - UdtOptions.HeaderBytes;

    private const double Share = Payload / 1500.0;
    private const int PieceSlots = 1024;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly UdtOptions Options = new() { Mss = SpeedLink.Mss, DeliveryReports = true };

    [Fact]
    public void The_window_holds_what_10_gigabit_Ethernet_carries_in_100_ms_and_fits_the_promise()
    {
        var (sender, receiver) = (CopyWindows.ApplyTo(Options, sends: true), CopyWindows.ApplyTo(Options, sends: false));
        Assert.InRange(sender.SendBufferPackets, 10e9 / 8 / 1538 * 0.1, 10e9 / 8 / 1500 * 0.1);
        Assert.Equal(sender.SendBufferPackets, receiver.ReceiveBufferPackets);

        // Shorter packets make more of them, not more bytes.
        for (var mss = 1200; mss <= SpeedLink.Mss; mss++)
        {
            var packets = CopyWindows.ApplyTo(Options with { Mss = mss }, sends: true).SendBufferPackets;
            Assert.InRange((long)packets * (mss - UdtOptions.HeaderBytes), CopyWindows.ContentBytes * 98L / 100, CopyWindows.ContentBytes);
        }
    }

    // 1.6 million packets: six seconds of a processor in a build for debugging.
    [Fact]
    public void Ten_gigabits_a_second_over_100_ms_are_reached_within_two_seconds_and_the_memory_follows_the_flight()
    {
        using var net = new SimNetwork(1);
        var (left, right) = Meet(net, new("10 Gbit/s, 100 ms", 10_000, 100, 32 << 10, 0), bytes: 8L << 30);
        var (rates, before) = (new List<double>(), 0L);
        while (net.Elapsed < TimeSpan.FromSeconds(3))
        {
            net.RunFor(Step);
            rates.Add((right.Read - before) * 8 / Step.TotalSeconds / Share / 1e9);
            before = right.Read;
            if (left.Connection!.Sender?.Buffer is not { } sent) continue;
            Assert.InRange(sent.Memory.PiecesInUse, (sent.Tail - sent.Head) / PieceSlots, ((sent.Tail - sent.Head) / PieceSlots) + 2);
            var arrived = right.Connection!.Receiver!;
            Assert.InRange(arrived.Buffer.Memory.PiecesInUse, 0, ((arrived.Newest - arrived.Buffer.ReadIndex) / PieceSlots) + 2);
        }

        var said = string.Join(' ', rates.Select(static rate => rate.ToString("0.00", CultureInfo.InvariantCulture)));
        TestContext.Current.TestOutputHelper?.WriteLine($"Gbit/s of IP packets, each 100 ms: {said}");
        Assert.True(rates[20..].Average() >= 9, said);
        Assert.True(rates[20..].Min() >= 8, said);
        Assert.InRange(left.Connection!.Sender!.Buffer.Memory.PiecesMade, 75, left.Connection.Sender.Buffer.Capacity / PieceSlots + 1);
    }

    [Theory]
    [InlineData(1000, 1, 11, 3)]
    [InlineData(1000, 100, 30, 22)]
    [InlineData(20, 30, 9, 2)]
    public void Over_a_smaller_path_a_copy_takes_what_is_under_way_and_8192_packets(double megabits, double milliseconds, int atSender, int atReceiver)
    {
        using var net = new SimNetwork(1);
        var (left, right) = Meet(net, new("smaller", megabits, milliseconds, 256, 0), bytes: 1L << 30);
        net.RunFor(TimeSpan.FromSeconds(2));
        Assert.InRange(left.Connection!.Sender!.Buffer.Memory.PiecesMade, 1, atSender);
        Assert.InRange(right.Connection!.Receiver!.Buffer.Memory.PiecesMade, 1, atReceiver);
    }

    [Fact]
    public void What_nobody_reads_fills_no_more_than_its_share_of_the_window_and_what_is_read_again_comes_at_once()
    {
        using var net = new SimNetwork(1);
        var (left, right) = Meet(net, new("1 Gbit/s, 1 ms", 1000, 1, 256, 0), bytes: 1L << 30);
        right.IsAsleep = true;
        net.RunFor(TimeSpan.FromSeconds(1));
        Assert.InRange(right.Connection!.Receiver!.Buffer.ReadablePackets, UdtReceiver.MuchUnread, UdtReceiver.MuchUnread + 1024);
        right.IsAsleep = false;
        right.Socket.Command(static _ => { });
        net.RunFor(TimeSpan.FromMilliseconds(200));
        Assert.InRange(right.Read, 30_000_000, long.MaxValue);
        Assert.InRange(right.Connection.Receiver.Buffer.Memory.PiecesMade, 8, 11);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_that_fills_the_window_out_of_order_takes_the_window_and_no_more(bool sends)
    {
        var options = CopyWindows.ApplyTo(Options, sends) with { InitialSequence = new SequenceNumber(MachineBench.OurInitial) };
        var window = options.ReceiveBufferPackets;
        var (bench, connection, peer) = MachineBench.Connected(options);
        for (var index = 2L * window; index > 0; index -= 500) bench.Receive(peer.Data(index, [1]));
        Assert.Equal((window + PieceSlots - 1) / PieceSlots, connection.Receiver!.Buffer.Memory.PiecesMade);
        Assert.InRange(connection.Statistics.PacketsInvalid, window / 500, long.MaxValue);
    }

    private static (UdtPeer Left, UdtPeer Right) Meet(SimNetwork net, SpeedLink link, long bytes)
    {
        var (a, b) = (net.Host("left", link.Profile), net.Host("right", link.WayBack));
        return UdtPeer.Meet(net, a, b, CopyWindows.ApplyTo(Options, sends: true), CopyWindows.ApplyTo(Options, sends: false), bytes);
    }
}
