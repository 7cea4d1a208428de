using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt;

/// <summary>What crashed, hung or broke other implementations, from the peer's own address and with the right id, a thousand times.</summary>
public sealed class HazardTests
{
    private const int InFlight = 10;
    private static readonly UdpEndpoint Stranger = MachineBench.PeerAddress.WithPort(1);

    private static readonly Dictionary<string, Func<PeerPackets, byte[][]>> Stimuli = new()
    {
        ["an acknowledgement beyond the newest packet"] = peer => [peer.Ack(7, MachineBench.Ours(InFlight + 1)), peer.Ack(8, MachineBench.Ours(1 << 29))],
        ["a light acknowledgement beyond the newest packet"] = peer => [peer.LightAck(MachineBench.Ours(InFlight + 1))],
        ["an acknowledgement from before the first packet"] = peer => [peer.Ack(7, MachineBench.Ours(-1)), peer.Ack(7, MachineBench.Ours(-(1 << 29)))],
        ["an acknowledgement with an empty body"] = peer => [peer.Control(2)],
        ["an acknowledgement with an 8-byte body"] = peer => [peer.Control(2, new byte[8])],
        ["an acknowledgement with absurd figures"] = peer => [peer.Control(2, [0, 1, 0x11, 0x70, .. Enumerable.Repeat((byte)0xff, 20)])],
        ["a loss report of a packet never sent"] = peer => [peer.Nak((MachineBench.Ours(InFlight), MachineBench.Ours(InFlight)))],
        ["a loss report over more than was sent"] = peer => [peer.Nak((MachineBench.Ours(0), MachineBench.Ours(1 << 29)))],
        ["a loss report of a reversed range"] = peer => [peer.Nak((MachineBench.Ours(5), MachineBench.Ours(2)))],
        ["a loss report of what is acknowledged"] = peer => [peer.Nak((MachineBench.Ours(-100), MachineBench.Ours(-1)))],
        ["a loss report that ends within a range"] = peer => [peer.Control(3, 0x80, 1, 0x11, 0x70)],
        ["an empty loss report"] = peer => [peer.Control(3)],
        ["a loss report of three bytes"] = peer => [peer.Control(3, 0, 1, 2)],
        ["a message drop up to 0x7fffffff"] = peer => [peer.Drop(1, new SequenceNumber(5001), new SequenceNumber(0x7fff_ffff))],
        ["a message drop over all numbers"] = peer => [peer.Drop(1, new SequenceNumber(5001), new SequenceNumber(5000)), peer.Drop(1, new SequenceNumber(0), new SequenceNumber(0x7fff_fffe))],
        ["a message drop of what is next"] = peer => [peer.Drop(2, new SequenceNumber(5001), new SequenceNumber(5002))],
        ["data beyond the receive buffer"] = peer => [peer.Data(1 + 1024, [9]), peer.Data(1 << 29, [9])],
        ["data from before the first packet"] = peer => [peer.Data(-1, [9]), peer.Data(-(1 << 29), [9])],
        ["empty data"] = peer => [peer.Data(1, [])],
        ["data longer than the MSS"] = peer => [peer.Data(1, new byte[1457])],
        ["an old data packet again"] = peer => [peer.Data(0, [9, 9, 9])],
        ["datagrams of 0 to 15 bytes"] = _ => [.. Enumerable.Range(0, 16).Select(length => Enumerable.Repeat((byte)0x80, length).ToArray())],
        ["a short handshake"] = peer => [peer.Control(0), peer.Control(0, new byte[47])],
        ["an unknown type"] = peer => [peer.Control(9), peer.Control(77, new byte[100]), peer.Control(0x7ffe)],
        ["a user-defined packet"] = peer => [peer.Control(0x7fff, new byte[40])],
        ["a congestion warning"] = peer => [peer.Signal(ControlType.CongestionWarning)],
        ["a peer error"] = peer => [peer.Signal(ControlType.PeerError, 4000)],
        ["an ACK2 of nothing"] = peer => [peer.Signal(ControlType.Ack2, 0), peer.Signal(ControlType.Ack2, 12345)],
        ["a handshake with MSS 44"] = peer => [peer.Handshake(RequestType.Conclusion, mss: 44), peer.Handshake(RequestType.Rendezvous, mss: 44)],
        ["a handshake with another id"] = peer => [peer.Handshake(RequestType.Conclusion, id: 99), peer.Handshake(RequestType.Rendezvous, toZero: true, id: 99)],
        ["a handshake with another number"] = peer => [peer.Handshake(RequestType.Conclusion, isn: 99)],
        ["a handshake with a huge window"] = peer => [peer.Handshake(RequestType.Conclusion, window: int.MaxValue)],
        ["a refusal after the fact"] = peer => [peer.Handshake(RequestType.Rejected)],
    };

    public static TheoryData<string> Names => [.. Stimuli.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_connection_survives(string stimulus)
    {
        var (bench, connection, peer) = Busy();
        var packets = Stimuli[stimulus](peer);
        foreach (var packet in packets) bench.Receive(packet);
        bench.Records = false;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            foreach (var packet in packets) bench.Receive(packet);
            if (i % 100 == 0) bench.RunFor(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
        AssertLives(bench, connection, peer);
    }

    [Fact]
    public void Shutdowns_with_a_wrong_id_or_from_elsewhere_do_nothing_and_the_right_one_ends_the_connection()
    {
        var (bench, connection, peer) = Busy();
        bench.Receive(peer.Signal(ControlType.Shutdown), Stranger);
        bench.Receive(peer.Signal(ControlType.Shutdown), UdpEndpoint.FromIPv4(0x0a000009, 9000));
        bench.Receive(new PeerPackets(connection.SocketId - 1).Signal(ControlType.Shutdown));
        bench.Receive(new PeerPackets(0).Signal(ControlType.Shutdown));
        bench.Receive(new PeerPackets(connection.SocketId | 0x8000_0000).Signal(ControlType.Shutdown));
        AssertLives(bench, connection, peer);
        bench.Receive(peer.Signal(ControlType.Shutdown));
        Assert.Equal(CloseReason.ClosedByPeer, connection.CloseReason);
    }

    [Fact]
    public void Data_of_a_stranger_is_not_data()
    {
        var (bench, connection, peer) = Busy();
        bench.Receive(peer.Data(1, [6, 6]), Stranger);
        bench.Receive(new PeerPackets(connection.SocketId + 1).Data(1, [6, 6]));
        AssertLives(bench, connection, peer);
    }

    [Fact]
    public void Data_far_ahead_within_the_buffer_costs_one_bounded_report_at_a_time()
    {
        var (bench, connection, peer) = Busy();
        bench.Sent.Clear();
        for (var i = 1023; i > 900; i -= 2) bench.Receive(peer.Data(i, [9]));
        Assert.All(bench.Sent, sent => Assert.InRange(sent.Bytes.Length, 1, 1472));
        Assert.Equal((1L, 1022L), (bench.SentLosses()[0].First, bench.SentLosses()[0].Last));
        bench.Sent.Clear();
        bench.RunFor(TimeSpan.FromSeconds(3));
        Assert.InRange(bench.SentControl(ControlType.Nak).Count, 1, 160);
        AssertLives(bench, connection, peer);
    }

    [Fact]
    public void A_long_report_that_names_everything_many_times_is_no_more_work_than_one_that_names_it_once()
    {
        var (bench, connection, peer) = MachineBench.Connected(new UdtOptions { InitialSequence = new SequenceNumber(MachineBench.OurInitial) });
        bench.Records = false;
        FillWindow(bench, connection, peer, packets: 4000);
        var inFlight = connection.Sender!.InFlight;
        var list = new byte[1100 * 8];
        var (first, last) = (connection.Sender.NumberOf(connection.Sender.NextNew - inFlight), connection.Sender.NumberOf(connection.Sender.NextNew - 1));
        for (var at = 0; at < list.Length; at += 8) NakPacket.Append(list.AsSpan(at), first, last);
        var nak = peer.Control(3, list);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++) bench.Endpoint.Handle(nak, MachineBench.PeerAddress, bench.Now);
        var took = System.Diagnostics.Stopwatch.GetElapsedTime(began);

        // All entries together would be about a hundred million steps.
        Assert.True(took < TimeSpan.FromMilliseconds(100), $"{took.TotalMilliseconds} ms with {inFlight} in flight");
        Assert.Equal(UdtState.Connected, connection.State);
    }

    [Theory]
    [InlineData(1u << 25), InlineData((uint)int.MaxValue), InlineData(uint.MaxValue)]
    public void A_huge_window_in_the_handshake_costs_no_memory(uint window)
    {
        MachineBench.Connected(window: 8192);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (bench, connection, peer) = MachineBench.Connected(window: window);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300_000);
        Assert.InRange(connection.Statistics.FlowWindow, 2, 1 << 20);
        connection.Write(new byte[InFlight * 1456]);
        bench.Drain();
        bench.Receive(peer.Data(0, [1, 2, 3]));
        Assert.Equal(3, connection.Read(new byte[9], bench.Now));
        AssertLives(bench, connection, peer);
    }

    [Fact]
    public void Handshakes_of_a_live_peer_are_answered_but_change_nothing()
    {
        var (bench, connection, peer) = Busy();
        bench.Receive(peer.Handshake(RequestType.Conclusion, mss: 100, window: 3));
        Assert.Equal(RequestType.Agreement, Assert.Single(bench.SentHandshakes()).Request);
        bench.Receive(peer.Ack(3, MachineBench.Ours(InFlight)));
        bench.Sent.Clear();
        connection.Write(new byte[1456]);
        bench.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1456, bench.SentData()[0].Payload.Length);
    }

    // Both buffers are in use: ten packets wait for acknowledgement, one was read.
    private static (MachineBench Bench, UdtConnection Connection, PeerPackets Peer) Busy()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        bench.Receive(peer.Data(0, [1, 2, 3]));
        Assert.Equal(3, connection.Read(new byte[10], bench.Now));
        connection.Write(new byte[InFlight * 1456]);
        bench.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(InFlight, connection.Sender!.InFlight);
        bench.Sent.Clear();
        return (bench, connection, peer);
    }

    private static void FillWindow(MachineBench bench, UdtConnection connection, PeerPackets peer, int packets)
    {
        var chunk = new byte[1456 * 64];
        for (var i = 1u; connection.Sender!.InFlight < packets; i++)
        {
            while (connection.Write(chunk) > 0) continue;
            bench.RunFor(TimeSpan.FromMilliseconds(15));
            if (connection.Sender.InFlight < packets) bench.Receive(peer.Ack(i, connection.Sender.NumberOf(connection.Sender.NextNew), free: 16384));
            Assert.True(i < 1000, "the window does not open");
        }
    }

    private static void AssertLives(MachineBench bench, UdtConnection connection, PeerPackets peer)
    {
        bench.Records = true;
        Assert.Equal(UdtState.Connected, connection.State);
        bench.Receive(peer.Ack(100, MachineBench.Ours(InFlight)));
        Assert.True(connection.IsDrained);
        Assert.False(connection.IsReadable);
        bench.Receive(peer.Data(1, [4, 5]));
        var read = new byte[10];
        Assert.Equal(2, connection.Read(read, bench.Now));
        Assert.Equal([4, 5], read[..2]);
        connection.Write([42]);
        bench.RunFor(TimeSpan.FromSeconds(1.5));
        Assert.Contains(bench.SentData(), sent => sent.Index == InFlight && sent.Payload is [42]);
    }
}
