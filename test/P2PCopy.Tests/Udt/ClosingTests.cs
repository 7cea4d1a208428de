using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt;

public sealed class ClosingTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_silent_peer_counts_as_dead_after_46_to_48_seconds(bool withData)
    {
        var (bench, connection, _) = MachineBench.Connected();
        var heard = bench.Now;
        if (withData) connection.Write(new byte[5000]);
        bench.RunFor(TimeSpan.FromSeconds(45.9));
        Assert.Equal(UdtState.Connected, connection.State);
        bench.RunFor(TimeSpan.FromSeconds(2.1));
        Assert.Equal((UdtState.Closed, CloseReason.PeerTimedOut), (connection.State, connection.CloseReason));
        Assert.Equal(heard, connection.LastHeard);

        // Sixteen expirations, each with a keep-alive or everything once more; probes come on top while data waits.
        if (!withData) Assert.Equal(16, bench.SentControl(ControlType.KeepAlive).Count);
        else Assert.InRange(bench.SentData().Count, 4 * 10, 4 * 40);
        bench.Sent.Clear();
        bench.RunFor(Minute);
        Assert.Empty(bench.Sent);
        Assert.Equal(0, bench.Endpoint.ConnectionCount);
    }

    [Fact]
    public void Any_packet_of_the_peer_is_a_sign_of_life()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        for (var i = 0; i < 10; i++)
        {
            bench.RunFor(TimeSpan.FromSeconds(40));
            bench.Receive(i % 2 == 0 ? peer.Signal(ControlType.KeepAlive) : peer.Control(0x7fff));
        }

        Assert.Equal(UdtState.Connected, connection.State);
    }

    [Fact]
    public void Closing_waits_for_acknowledgements_then_says_so_three_times()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        connection.Write(new byte[3000]);
        bench.Drain();
        connection.Close(bench.Now);
        bench.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.Equal(UdtState.Lingering, connection.State);
        Assert.Equal(0, connection.Write(new byte[10]));
        Assert.Empty(bench.SentControl(ControlType.Shutdown));
        bench.Receive(peer.Ack(1, MachineBench.Ours(3)));
        bench.RunFor(Minute);
        Assert.Equal((CloseReason.ClosedLocally, 3), (connection.CloseReason, bench.SentControl(ControlType.Shutdown).Count));
        Assert.Equal(0, bench.Endpoint.ConnectionCount);
    }

    [Fact]
    public void A_light_acknowledgement_is_not_enough_to_close()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        connection.Write(new byte[3000]);
        bench.Drain();
        connection.Close(bench.Now);
        bench.Receive(peer.LightAck(MachineBench.Ours(3)));
        bench.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.True(connection.IsDrained);
        Assert.Equal(UdtState.Lingering, connection.State);
        Assert.Empty(bench.SentControl(ControlType.Shutdown));
        bench.Receive(peer.Ack(1, MachineBench.Ours(3)));
        bench.Drain();
        Assert.Equal(CloseReason.ClosedLocally, connection.CloseReason);
        Assert.NotEmpty(bench.SentControl(ControlType.Shutdown));
    }

    [Theory]
    [InlineData(null, 180), InlineData(5, 5)]
    public void Closing_does_not_wait_for_ever(int? linger, int seconds)
    {
        var (bench, connection, peer) = MachineBench.Connected();
        connection.Write(new byte[3000]);
        connection.Close(bench.Now, linger is { } s ? TimeSpan.FromSeconds(s) : null);
        var closed = bench.Now;
        bench.Records = false;
        while (connection.State != UdtState.Closed)
        {
            bench.RunFor(TimeSpan.FromSeconds(0.5));
            bench.Receive(peer.Signal(ControlType.KeepAlive));
        }

        Assert.Equal(CloseReason.LingerExpired, connection.CloseReason);
        Assert.InRange((bench.Now - closed).TotalSeconds, seconds, seconds + 1);
    }

    [Fact]
    public void What_arrived_is_acknowledged_before_the_shutdown()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        bench.Receive(peer.Data(0, [1]));
        bench.Receive(peer.Data(1, [2]));
        connection.Close(bench.Now);
        bench.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2, bench.LastAck()!.Value.Next);
        Assert.True(bench.SentControl(ControlType.Ack)[^1] <= bench.SentControl(ControlType.Shutdown)[0]);
        Assert.True(bench.Sent.FindIndex(sent => AckPacket.TryRead(sent.Bytes, out _)) < bench.Sent.FindIndex(sent => sent.Bytes[1] == 5));
    }

    [Fact]
    public void A_peer_that_missed_the_shutdown_is_told_again_when_it_speaks()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        connection.Close(bench.Now);
        bench.RunFor(TimeSpan.FromSeconds(1));
        bench.Sent.Clear();
        bench.Receive(peer.Signal(ControlType.KeepAlive));
        bench.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Single(bench.SentControl(ControlType.Shutdown));
        bench.Receive(peer.Signal(ControlType.Shutdown));
        bench.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Single(bench.Sent);
    }

    [Fact]
    public void What_arrived_before_the_peers_shutdown_can_still_be_read()
    {
        var (bench, connection, peer) = MachineBench.Connected();
        bench.Receive(peer.Data(0, [1, 2]));
        bench.Receive(peer.Signal(ControlType.Shutdown));
        Assert.Equal(CloseReason.ClosedByPeer, connection.CloseReason);
        bench.RunFor(Minute);
        Assert.Equal(2, connection.Read(new byte[9], bench.Now));
        Assert.Equal(0, connection.Write([1]));
        Assert.Empty(bench.SentControl(ControlType.Shutdown));
    }

    [Fact]
    public void Aborting_tells_the_peer_and_forgets_what_was_not_delivered()
    {
        var (bench, connection, _) = MachineBench.Connected();
        connection.Write(new byte[5000]);
        connection.Abort(bench.Now);
        bench.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((CloseReason.Aborted, 3), (connection.CloseReason, bench.SentControl(ControlType.Shutdown).Count));
        Assert.Empty(bench.SentData());
    }
}
