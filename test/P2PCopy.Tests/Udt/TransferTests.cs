using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Transfers;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt;

/// <summary>Two of our machines over simulated links.</summary>
public sealed class TransferTests
{
    private static readonly LinkProfile ShortPath = new() { Name = "short", BitsPerSecond = 1_000_000_000, Delay = TimeSpan.FromMicroseconds(50) };

    [Theory]
    [InlineData(1500, 1400, 4096, 4096)]
    [InlineData(576, 1500, 64, 64)]
    [InlineData(76, 1500, 32, 32)]
    [InlineData(1500, 76, 2, 2)]
    [InlineData(1500, 1500, 2, 4096)]
    [InlineData(1500, 1500, 4096, 2)]
    [InlineData(9244, 9244, 64, 64)]
    public void Any_sizes_of_packets_and_buffers_work_in_both_directions(int mss, int peerMss, int buffers, int peerBuffers)
    {
        using var net = new SimNetwork(7);
        var (a, b) = net.Peers(ShortPath with { Mtu = 65535, Delay = TimeSpan.FromMilliseconds(1) });
        var left = new UdtPeer(net, a, 5000, Options(mss, buffers), 1, 2, peerMss) { ToWrite = 50_000, ToRead = 40_000 };
        var right = new UdtPeer(net, b, 5000, Options(peerMss, peerBuffers), 2, 1, mss) { ToWrite = 40_000, ToRead = 50_000 };
        Meet(left, right);
        net.RunUntil(() => left.Read == left.ToRead && right.Read == right.ToRead, TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(0), InlineData(2), InlineData(5), InlineData(20)]
    public void One_early_loss_costs_no_second(int which)
    {
        // The reference leaves slow start at 16 packets a second: 300 kB then take 2.5 s.
        using var net = new SimNetwork(8);
        var (a, b) = net.Peers(ShortPath);
        var left = new UdtPeer(net, a, 5000, new UdtOptions(), 1, 2) { ToWrite = 300_000 };
        var right = new UdtPeer(net, b, 5000, new UdtOptions(), 2, 1) { ToRead = 300_000 };
        var data = 0;
        net.Loses = datagram => DataPacket.TryRead(datagram.Payload, out _) && data++ == which;
        Meet(left, right);
        net.RunUntil(() => right.Read == right.ToRead, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(3), InlineData(2), InlineData(6), InlineData(1)]
    public void The_first_ten_control_packets_of_a_kind_may_get_lost(int type)
    {
        using var net = new SimNetwork(9);
        var (a, b) = net.Peers(ShortPath with { Loss = 0.02 });
        var left = new UdtPeer(net, a, 5000, new UdtOptions(), 1, 2) { ToWrite = 300_000 };
        var right = new UdtPeer(net, b, 5000, new UdtOptions(), 2, 1) { ToRead = 300_000 };
        var lost = 0;
        net.Loses = datagram => PacketHeader.TryRead(datagram.Payload, out var header) && header.IsControl && (int)header.Type == type && lost++ < 10;
        Meet(left, right);
        net.RunUntil(() => right.Read == right.ToRead, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_reader_who_slept_wakes_the_sender_by_reading()
    {
        using var net = new SimNetwork(10);
        var (a, b) = net.Peers(ShortPath);
        var left = new UdtPeer(net, a, 5000, Options(1500, 4096), 1, 2) { ToWrite = 1_000_000 };
        var right = new UdtPeer(net, b, 5000, Options(1500, 64), 2, 1) { ToRead = 1_000_000, IsAsleep = true };
        Meet(left, right);
        net.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(0, right.Read);
        Assert.InRange(left.Connection!.Statistics.PacketsSent, 64, 64 + 1000);
        right.Socket.Command(_ => right.IsAsleep = false);
        net.RunUntil(() => right.Read == right.ToRead, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public void An_idle_connection_lives_and_costs_a_few_keep_alives()
    {
        using var net = new SimNetwork(11);
        var (a, b) = net.Peers(ShortPath);
        var left = new UdtPeer(net, a, 5000, new UdtOptions(), 1, 2) { ToWrite = 50_000 };
        var right = new UdtPeer(net, b, 5000, new UdtOptions(), 2, 1) { ToRead = 50_000 };
        var (toLeft, toRight) = (left.Socket.Local, right.Socket.Local);
        var idle = new UdtEndpointPair(left, right);
        idle.Meet(toLeft, toRight);

        // Longer than 2^32 µs, so the time stamps of data go round.
        net.RunFor(TimeSpan.FromMinutes(75));
        Assert.Equal((UdtState.Connected, UdtState.Connected), (idle.Left.State, idle.Right.State));
        Assert.InRange(left.Socket.Sent, 4500, 20_000);
        left.Socket.Command(_ => left.Connection = idle.Left);
        right.Socket.Command(_ => right.Connection = idle.Right);
        net.RunUntil(() => right.Read == right.ToRead, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_round_trip_of_14_weeks_harms_nobody()
    {
        using var net = new SimNetwork(12);
        var (a, b) = net.Peers(new LinkProfile { Delay = TimeSpan.FromDays(49) });
        var left = new UdtPeer(net, a, 5000, new UdtOptions(), 1, 2) { ToWrite = 1000 };
        var right = new UdtPeer(net, b, 5000, new UdtOptions(), 2, 1) { ToRead = 1000 };
        Meet(left, right);
        net.RunFor(TimeSpan.FromDays(100));
        Assert.Equal((CloseReason.ConnectTimedOut, CloseReason.ConnectTimedOut), (left.Connection!.CloseReason, right.Connection!.CloseReason));
        Assert.Equal((120, 120), (left.Socket.Sent, right.Socket.Unclaimed));
        Assert.Equal(0, left.Endpoint.ConnectionCount);
    }

    [Theory]
    [InlineData(0.0), InlineData(0.005)]
    public void A_steady_transfer_allocates_nothing_per_packet(double loss)
    {
        using var net = new SimNetwork(13);
        var (a, b) = net.Peers(LinkProfile.Fibre with { Loss = loss });
        var left = new UdtPeer(net, a, 5000, new UdtOptions(), 1, 2) { ToWrite = 1L << 30 };
        var right = new UdtPeer(net, b, 5000, new UdtOptions(), 2, 1) { ToRead = 1L << 30 };
        Meet(left, right);
        net.RunFor(TimeSpan.FromSeconds(8));
        var (before, read) = (GC.GetAllocatedBytesForCurrentThread(), right.Read);
        net.RunFor(TimeSpan.FromSeconds(8));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(right.Read - read > 5_000_000, $"{right.Read - read} bytes read");
        Assert.InRange(allocated, 0, 5_000);
    }

    private static UdtOptions Options(int mss, int packets) => new() { Mss = mss, SendBufferPackets = packets, ReceiveBufferPackets = packets };

    private static void Meet(UdtPeer left, UdtPeer right)
    {
        left.Socket.Command(_ => left.Rendezvous(right.Socket.Local));
        right.Socket.Command(_ => right.Rendezvous(left.Socket.Local));
    }

    /// <summary>Connections that no application uses yet.</summary>
    private sealed class UdtEndpointPair(UdtPeer left, UdtPeer right)
    {
        public UdtConnection Left { get; private set; } = null!;

        public UdtConnection Right { get; private set; } = null!;

        public void Meet(P2PCopy.Datagrams.UdpEndpoint toLeft, P2PCopy.Datagrams.UdpEndpoint toRight)
        {
            left.Socket.Command(now => Left = left.Endpoint.Rendezvous(toRight, now));
            right.Socket.Command(now => Right = right.Endpoint.Rendezvous(toLeft, now));
        }
    }
}
