using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt;

/// <summary>What a connection does with the packets of a peer that a test plays by hand.</summary>
public sealed class ConversationTests
{
    [Fact]
    public void A_quiet_receiver_is_poked_after_12_milliseconds()
    {
        var (bench, connection, _) = MachineBench.Connected();
        connection.Write(new byte[16 * 1456]);
        bench.RunFor(TimeSpan.FromMilliseconds(30));
        var last = bench.SentData()[^1].At;
        Assert.Equal(TimeSpan.FromMilliseconds(12), bench.SentControl(ControlType.KeepAlive)[0] - last);
    }

    [Fact]
    public void A_lost_tail_is_shown_by_its_last_packet_and_resent_when_reported()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        connection.Write(new byte[1456]);
        bench.Drain();
        bench.Receive(peer.Ack(1, MachineBench.Ours(1)));
        connection.Write(new byte[3 * 1456]);
        bench.RunFor(TimeSpan.FromMilliseconds(1));
        bench.Sent.Clear();
        bench.RunFor(TimeSpan.FromMilliseconds(60));
        Assert.Equal(3, bench.SentData()[0].Index);
        bench.Sent.Clear();
        bench.Receive(peer.Nak((MachineBench.Ours(1), MachineBench.Ours(2))));
        bench.RunFor(TimeSpan.FromMilliseconds(40));
        Assert.Equal([1L, 2L], bench.SentData().Select(sent => sent.Index).Where(index => index < 3).Distinct().Order());
    }

    [Fact]
    public void A_report_that_repeats_before_the_resend_can_arrive_resends_nothing()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        connection.Write(new byte[4 * 1456]);
        bench.Drain();
        var nak = peer.Nak((MachineBench.Ours(1), MachineBench.Ours(1)));
        for (var i = 0; i < 10; i++) bench.Receive(nak);
        bench.RunFor(TimeSpan.FromMilliseconds(5));
        Assert.Equal(1, connection.Statistics.PacketsResent);
    }

    [Fact]
    public void A_missing_packet_is_reported_until_it_comes()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        bench.Receive(peer.Data(1, [2]));
        bench.RunFor(TimeSpan.FromSeconds(2));
        var reports = bench.SentLosses();
        Assert.All(reports, report => Assert.Equal((0L, 0L), (report.First, report.Last)));
        Assert.InRange(reports.Count, 5, 110);
        bench.Receive(peer.Data(0, [1]));
        bench.Sent.Clear();
        bench.RunFor(TimeSpan.FromSeconds(2));
        Assert.Empty(bench.SentLosses());
        var read = new byte[5];
        Assert.Equal(2, connection.Read(read, bench.Now));
        Assert.Equal([1, 2], read[..2]);
    }

    // PROTOCOL UDT-14: the original's sender must free its buffer before an answer makes it write on.
    [Fact]
    public void An_answer_does_not_overtake_the_acknowledgement_of_what_it_answers()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        bench.Receive(peer.Data(0, [1, 2]));
        Assert.Equal(2, connection.Read(new byte[2], bench.Now));
        connection.Write([1]);
        bench.RunFor(TimeSpan.FromMilliseconds(50));
        var acknowledged = bench.Sent.FindIndex(sent => AckPacket.TryRead(sent.Bytes, out var ack) && !ack.IsLight);
        var answered = bench.Sent.FindIndex(sent => DataPacket.TryRead(sent.Bytes, out _));
        Assert.InRange(acknowledged, 0, answered - 1);
    }

    [Fact]
    public void A_stale_packet_is_asked_for_again_and_not_acknowledged()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        bench.Receive(peer.Data(0, [0], message: 10));
        bench.Receive(peer.Data(1, [1], message: 11));
        bench.Receive(peer.Data(2, [66, 66, 66], message: 9));
        bench.Receive(peer.Data(3, [3], message: 13));
        bench.RunFor(TimeSpan.FromMilliseconds(20));
        Assert.Equal((2L, 2L), (bench.SentLosses()[0].First, bench.SentLosses()[0].Last));
        Assert.Equal(2, bench.LastAck()!.Value.Next);
        bench.Receive(peer.Data(2, [2], message: 12));
        var read = new byte[9];
        Assert.Equal(4, connection.Read(read, bench.Now));
        Assert.Equal([0, 1, 2, 3], read[..4]);
        Assert.Equal(1, connection.Statistics.PacketsStale);
    }

    [Fact]
    public void Numbers_of_both_sides_go_round()
    {
        const uint start = SequenceNumber.MaxValue - 2;
        var (bench, connection, peer) = MachineBench.Connected(
            new UdtOptions { InitialSequence = new SequenceNumber(start), SendBufferPackets = 64, ReceiveBufferPackets = 64 }, peerInitial: start);
        var read = new byte[20];
        for (var i = 0; i < 8; i++)
        {
            if (i != 3) bench.Receive(peer.Data(i, [(byte)i]));
            connection.Write([(byte)i]);
        }

        bench.RunFor(TimeSpan.FromMilliseconds(20));
        Assert.Contains(bench.SentLosses(start), loss => (loss.First, loss.Last) == (3, 3));
        bench.Receive(peer.Data(3, [3]));
        Assert.Equal(8, connection.Read(read, bench.Now));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], read[..8]);

        var numbers = new List<uint>();
        foreach (var (_, bytes, _) in bench.Sent)
            if (DataPacket.TryRead(bytes, out var data)) numbers.Add(data.Sequence.Value);
        Assert.Equal([start, start + 1, start + 2, 0, 1, 2, 3, 4], numbers.Distinct());
        bench.Sent.Clear();
        bench.Receive(peer.Nak((new SequenceNumber(start + 1), new SequenceNumber(1))));
        bench.RunFor(TimeSpan.FromMilliseconds(100));
        var resent = bench.Sent.Where(sent => DataPacket.TryRead(sent.Bytes, out _)).Select(sent => new SequenceNumber(BitConverter.ToUInt32([.. sent.Bytes[..4].Reverse()])).Value);
        Assert.Equal([start + 1, start + 2, 0, 1], resent.Where(number => number is > start or < 2).Distinct());
        bench.Receive(peer.Ack(SequenceNumber.MaxValue, new SequenceNumber(4)));
        bench.Receive(peer.Ack(0, new SequenceNumber(5)));
        Assert.True(connection.IsDrained);
        Assert.Equal(2, bench.SentControl(ControlType.Ack2).Count);
    }

    [Fact]
    public void Each_side_sends_no_more_than_the_other_takes()
    {
        var (bench, connection, _) = MachineBench.Connected(mss: 576, window: 8);
        connection.Write(new byte[100_000]);
        bench.RunFor(TimeSpan.FromMilliseconds(5));
        Assert.Equal(8, bench.SentData().Count);
        Assert.All(bench.SentData(), sent => Assert.Equal(576 - 44, sent.Payload.Length));
    }

    [Fact]
    public void A_light_acknowledgement_moves_on_but_opens_no_window()
    {
        var (bench, connection, peer) = MachineBench.Connected(window: 8);
        connection.Write(new byte[100 * 1456]);
        bench.RunFor(TimeSpan.FromMilliseconds(5));
        bench.Receive(peer.LightAck(MachineBench.Ours(4)));
        bench.RunFor(TimeSpan.FromMilliseconds(5));
        Assert.Equal((8, 4L), (bench.SentData().Count, connection.Sender!.InFlight));
        bench.Receive(peer.Ack(1, MachineBench.Ours(4), free: 6));
        bench.RunFor(TimeSpan.FromMilliseconds(5));
        Assert.Equal(10, bench.SentData().Count);
    }

    [Fact]
    public void Many_packets_within_a_period_are_acknowledged_lightly_and_then_in_full()
    {
        var (bench, _, peer) = MachineBench.Connected();
        for (var i = 0; i < 200; i++) bench.Receive(peer.Data(i, new byte[1456]));
        var light = bench.Sent.Count(sent => AckPacket.TryRead(sent.Bytes, out var ack) && ack.IsLight);
        Assert.InRange(light, 2, 3);
        bench.RunFor(TimeSpan.FromMilliseconds(11));
        Assert.Equal((200L, 1024u - 200u), (bench.LastAck()!.Value.Next, bench.LastAck()!.Value.Free));
    }

    [Fact]
    public void A_full_buffer_takes_no_more_and_says_so_when_there_is_room_again()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        for (var i = 0; i < 1100; i++) bench.Receive(peer.Data(i, [(byte)i]));
        bench.RunFor(TimeSpan.FromMilliseconds(20));
        Assert.Equal((1024L, 2u), (bench.LastAck()!.Value.Next, bench.LastAck()!.Value.Free));
        bench.Receive(peer.Signal(ControlType.Ack2, bench.LastAck()!.Value.Number));
        bench.RunFor(TimeSpan.FromMilliseconds(20));
        bench.Sent.Clear();
        Assert.Equal(1024, connection.Read(new byte[5000], bench.Now));
        bench.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal((1024L, 1024u), (bench.LastAck()!.Value.Next, bench.LastAck()!.Value.Free));
    }
}
