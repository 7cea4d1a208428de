using P2PCopy.Datagrams;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Transfers;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt;

/// <summary>Peers that report deliveries exactly, over simulated links.</summary>
public sealed class DeliveryReportTests
{
    private static readonly LinkProfile Path = new() { Name = "path", BitsPerSecond = 100_000_000, Delay = TimeSpan.FromMilliseconds(25) };
    private static readonly LinkProfile Near = Path with { Delay = TimeSpan.FromMilliseconds(1) };
    private static readonly UdtOptions Reporting = new() { DeliveryReports = true };

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Deliveries_are_reported_when_both_sides_offer_it_and_else_all_is_UDT_4(bool left, bool right, bool reports)
    {
        using var net = new SimNetwork(1);
        var kinds = new HashSet<ControlType>();
        var cookies = new HashSet<uint>();
        net.Loses = datagram =>
        {
            if (PacketHeader.TryRead(datagram.Payload, out var header) && header.IsControl) kinds.Add(header.Type);
            if (HandshakePacket.TryRead(datagram.Payload, out var handshake)) cookies.Add(handshake.Cookie);
            return false;
        };
        var (from, to) = Meet(net, Path with { Loss = 0.01 }, 300_000, Reporting with { DeliveryReports = left }, Reporting with { DeliveryReports = right });
        net.RunUntil(() => to.Read == to.ToRead && from.IsDone, TimeSpan.FromSeconds(5));
        ControlType[] ours = [ControlType.DeliveryReport];
        ControlType[] theirs = [ControlType.Ack, ControlType.Nak, ControlType.Ack2];
        Assert.Empty((reports ? theirs : ours).Intersect(kinds));
        Assert.Empty((reports ? ours : theirs).Except(kinds));

        // The mark in the cookie is all that a peer of UDT 4 sees of the offer.
        Assert.Equal(left && right ? [0x7032_0001] : [0, 0x7032_0001], cookies.Order());
    }

    [Fact]
    public void A_shutdown_is_answered_and_an_answer_spares_its_copies()
    {
        using var net = new SimNetwork(3);
        var shutdowns = new List<(Instant Time, UdpEndpoint From)>();
        net.Loses = datagram =>
        {
            if (PacketHeader.TryRead(datagram.Payload, out var header) && header is { IsControl: true, Type: ControlType.Shutdown }) shutdowns.Add((net.Now, datagram.Source));
            return false;
        };
        var (from, to) = UdtPeer.Meet(net, net.Host("left", Near), net.Host("right", Near), Reporting, Reporting, 300_000);
        net.RunUntil(() => to.Read == to.ToRead && from.IsDone && from.Connection!.State == UdtState.Closed && to.Connection!.State == UdtState.Closed, TimeSpan.FromSeconds(5));
        net.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(2, shutdowns.Count);
        Assert.Equal(2, shutdowns.Select(static shutdown => shutdown.From).Distinct().Count());
        Assert.InRange(shutdowns[1].Time - shutdowns[0].Time, TimeSpan.FromMilliseconds(0.9), TimeSpan.FromMilliseconds(2));
        Assert.True(from.Connection!.IsSettled && to.Connection!.IsSettled);
    }

    [Fact]
    public void Who_hears_a_shutdown_before_its_own_has_left_still_says_it_once()
    {
        var (bench, connection, peer) = MachineBench.Connected(Reporting, cookie: 0x7032_0001);
        connection.Close(bench.Now);
        bench.Receive(peer.Signal(ControlType.Shutdown));
        Assert.True(connection.IsSettled);
        bench.RunFor(TimeSpan.FromSeconds(1));
        Assert.Single(bench.SentControl(ControlType.Shutdown));
    }

    [Fact]
    public void Where_the_answer_is_lost_the_copies_go_out_all_the_same()
    {
        using var net = new SimNetwork(4);
        var copies = 0;
        UdpEndpoint? first = null;
        net.Loses = datagram =>
        {
            if (!PacketHeader.TryRead(datagram.Payload, out var header) || header is not { IsControl: true, Type: ControlType.Shutdown }) return false;
            first ??= datagram.Source;
            if (datagram.Source == first) copies++;
            return datagram.Source != first;
        };
        var (from, to) = UdtPeer.Meet(net, net.Host("left", Near), net.Host("right", Near), Reporting, Reporting, 300_000);
        net.RunUntil(() => from.IsDone && from.Connection!.State == UdtState.Closed && to.Connection!.State == UdtState.Closed, TimeSpan.FromSeconds(5));
        net.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(3, copies);
    }

    [Theory]
    [InlineData(0.0, 10, 0.05)]
    [InlineData(10.0, 10, 0.05)]
    [InlineData(0.0, 4, 0.3)]
    public void What_is_overtaken_is_not_sent_again(double jitter, double by, double share)
    {
        using var net = new SimNetwork(2);
        var path = Path with
        {
            QueueBytes = 4 << 20,
            Jitter = TimeSpan.FromMilliseconds(jitter),
            Reorder = share,
            ReorderBy = TimeSpan.FromMilliseconds(by),
        };
        var (from, to) = Meet(net, path, 16 << 20);
        net.RunUntil(() => to.Read == to.ToRead, TimeSpan.FromSeconds(10));
        Assert.InRange(to.Connection!.Statistics.PacketsDuplicate, 0, 5);
        Assert.InRange(from.Connection!.Statistics.PacketsResent, 0, 5);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(5), InlineData(20)]
    public void A_lost_tail_is_repaired_by_a_probe_long_before_the_timers_of_UDT(int packets)
    {
        using var net = new SimNetwork(3);
        var last = 300_000 / 1456;
        var begun = Instant.Never;
        var seen = new HashSet<uint>();
        net.Loses = datagram =>
        {
            if (!DataPacket.TryRead(datagram.Payload, out var data) || !seen.Add(data.Sequence.Value)) return false;
            if (seen.Count <= last + 1 - packets) return false;
            begun = net.Now;
            return true;
        };
        var (_, to) = Meet(net, Path, 300_000);
        net.RunUntil(() => to.Read == to.ToRead, TimeSpan.FromSeconds(5));
        Assert.InRange((net.Now - begun).TotalMilliseconds, 75, 185);
    }

    [Fact]
    public void A_resend_that_is_lost_again_and_again_is_found_each_time_within_a_round_trip_and_a_half()
    {
        using var net = new SimNetwork(4);
        var sends = new List<Instant>();
        uint? victim = null;
        var count = 0;
        net.Loses = datagram =>
        {
            if (!DataPacket.TryRead(datagram.Payload, out var data)) return false;
            if (++count == 500) victim = data.Sequence.Value;
            if (data.Sequence.Value != victim) return false;
            sends.Add(net.Now);
            return sends.Count <= 5;
        };
        var (_, to) = Meet(net, Path, 8 << 20);
        net.RunUntil(() => to.Read == to.ToRead, TimeSpan.FromSeconds(10));
        Assert.Equal(6, sends.Count);
        Assert.All(sends.Zip(sends.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalMilliseconds, 50, 85));
    }

    [Fact]
    public void Lost_reports_cost_nothing()
    {
        using var net = new SimNetwork(5);
        var random = new Random(1);
        net.Loses = datagram => PacketHeader.TryRead(datagram.Payload, out var header) && header.IsControl && header.Type == ControlType.DeliveryReport
            && random.Next(3) > 0;
        var (from, to) = Meet(net, Path, 16 << 20);
        net.RunUntil(() => to.Read == to.ToRead, TimeSpan.FromSeconds(3));
        Assert.InRange(to.Connection!.Statistics.PacketsDuplicate, 0, 5);
    }

    [Fact]
    public void A_path_that_was_gone_for_half_a_minute_is_used_again_within_a_second()
    {
        using var net = new SimNetwork(6);
        var path = Path with { BlackOuts = [new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30))] };
        var (_, to) = Meet(net, path, 32 << 20, Reporting with { LeastSilence = TimeSpan.FromMinutes(2) });
        net.RunFor(TimeSpan.FromSeconds(31));
        var read = to.Read;
        net.RunUntil(() => to.Read > read, TimeSpan.FromSeconds(1.2));
        net.RunUntil(() => to.Read == to.ToRead, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_reader_who_slept_wakes_the_sender_though_the_first_reports_of_room_are_lost()
    {
        using var net = new SimNetwork(7);
        var small = Reporting with { ReceiveBufferPackets = 64 };
        var (from, to) = Meet(net, Path, 1_000_000, Reporting, small);
        to.IsAsleep = true;
        net.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal((0, 64), (to.Read, from.Connection!.Sender!.NextNew));
        Assert.InRange(from.Socket.Sent, 64, 64 + 120);
        var lost = 0;
        net.Loses = datagram => PacketHeader.TryRead(datagram.Payload, out var header) && header.IsControl && header.Type == ControlType.DeliveryReport
            && lost++ < 2;
        to.Socket.Command(_ => to.IsAsleep = false);
        net.RunUntil(() => to.Read == to.ToRead, TimeSpan.FromSeconds(6));
    }

    [Theory]
    [InlineData(0.0), InlineData(0.01)]
    public void A_steady_transfer_allocates_nothing_per_packet(double loss)
    {
        using var net = new SimNetwork(8);
        var (from, to) = Meet(net, Path with { Loss = loss }, 1L << 30);
        net.RunFor(TimeSpan.FromSeconds(8));
        var pieces = Pieces(from, to);
        var (before, read) = (GC.GetAllocatedBytesForCurrentThread(), to.Read);
        net.RunFor(TimeSpan.FromSeconds(4));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(to.Read - read > 40_000_000, $"{to.Read - read} bytes read");
        // A flight longer than any before needs another piece.
        var made = Pieces(from, to) - pieces;
        Assert.InRange(made, 0, 2);
        Assert.InRange(allocated, 0, 5_000 + (made * 1_600_000));
    }

    [Fact]
    public void Numbers_and_time_stamps_that_go_round_harm_nobody()
    {
        using var net = new SimNetwork(9);
        var nearTheEnd = Reporting with { InitialSequence = new SequenceNumber(SequenceNumber.MaxValue - 500) };
        var (from, to) = Meet(net, Path with { Loss = 0.01 }, 8 << 20, nearTheEnd, nearTheEnd);
        net.RunUntil(() => to.Read == to.ToRead && from.IsDone, TimeSpan.FromSeconds(5));
    }

    private static int Pieces(UdtPeer from, UdtPeer to) => from.Connection!.Sender!.Buffer.Memory.PiecesMade + to.Connection!.Receiver!.Buffer.Memory.PiecesMade;

    private static (UdtPeer From, UdtPeer To) Meet(SimNetwork net, LinkProfile path, long bytes, UdtOptions? left = null, UdtOptions? right = null)
    {
        var (a, b) = (net.Host("left", path), net.Host("right", Path));
        return UdtPeer.Meet(net, a, b, left ?? Reporting, right ?? left ?? Reporting, bytes);
    }
}
