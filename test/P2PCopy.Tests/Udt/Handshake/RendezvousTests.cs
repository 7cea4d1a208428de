using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;
using P2PCopy.Simulation.Transfers;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Handshake;

public sealed class RendezvousTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void It_knocks_every_250_milliseconds_and_gives_up_after_30_seconds()
    {
        var (bench, connection, _) = Start();
        bench.RunFor(TimeSpan.FromSeconds(31));
        var knocks = bench.SentHandshakes();
        Assert.Equal(120, knocks.Count);
        Assert.All(knocks, knock => Assert.Equal((RequestType.Rendezvous, 0u), (knock.Request, knock.Destination)));
        Assert.All(knocks.Zip(knocks.Skip(1)), pair => Assert.Equal(TimeSpan.FromMilliseconds(250), pair.Second.At - pair.First.At));
        Assert.Equal((UdtState.Closed, CloseReason.ConnectTimedOut), (connection.State, connection.CloseReason));
    }

    [Fact]
    public void It_concludes_at_once_when_it_sees_the_peer_and_connects_when_the_peer_concludes()
    {
        var (bench, connection, peer) = Start();
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true));
        Assert.Equal((bench.Now, RequestType.Conclusion, peer.Id), bench.SentHandshakes()[^1]);
        Assert.Equal(UdtState.Connecting, connection.State);
        bench.Receive(peer.Handshake(RequestType.Conclusion));
        Assert.Equal(UdtState.Connected, connection.State);
        Assert.Single(bench.SentControl(ControlType.KeepAlive));
    }

    // PROTOCOL RDV-5.
    [Theory]
    [InlineData(true, 0.5, 1)]
    [InlineData(false, 1.5, 2)]
    public void Two_of_ours_are_connected_by_the_first_message_of_the_other_and_data_comes_with_the_answer(bool ours, double first, double second)
    {
        using var net = new SimNetwork(8);
        var (a, b) = net.Peers(NatBehavior.Open, NatBehavior.Open, new LinkProfile { Delay = TimeSpan.FromMilliseconds(40) });
        var options = new UdtOptions { DeliveryReports = ours };
        var waits = new UdtPeer(net, a, 5000, options, 1, 2) { ToWrite = 3000 };
        var comes = new UdtPeer(net, b, 5000, options, 2, 1) { ToRead = 3000 };
        waits.Socket.Command(_ => waits.Rendezvous(comes.Socket.Local));
        net.RunFor(TimeSpan.FromMilliseconds(420));
        comes.Socket.Command(_ => comes.Rendezvous(waits.Socket.Local));
        var began = net.Elapsed;
        net.RunUntil(() => waits.Connection!.State == UdtState.Connected, TimeSpan.FromSeconds(2));
        Assert.Equal(first, RoundTrips(), 0.05);
        net.RunUntil(() => comes.Connection!.State == UdtState.Connected, TimeSpan.FromSeconds(2));
        Assert.Equal(second, RoundTrips(), 0.05);
        net.RunUntil(() => waits.IsDone && comes.IsDone, TimeSpan.FromSeconds(2));
        Assert.InRange(RoundTrips(), second, ours ? 1.7 : 4);

        double RoundTrips() => (net.Elapsed - began) / TimeSpan.FromMilliseconds(80);
    }

    // PROTOCOL RDV-5, RDV-9.
    [Fact]
    public void Two_of_ours_meet_when_four_packets_of_ten_are_lost()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            using var net = new SimNetwork(seed);
            var (a, b) = net.Peers(NatBehavior.Open, NatBehavior.Open, new LinkProfile { Delay = TimeSpan.FromMilliseconds(40), Loss = 0.4 });
            var options = new UdtOptions { DeliveryReports = true };
            var (left, right) = UdtPeer.Meet(net, a, b, options, options, 20_000);
            net.RunUntil(() => left.IsDone && right.IsDone, TimeSpan.FromSeconds(60));
        }
    }

    [Theory]
    [InlineData("data"), InlineData("keep-alive"), InlineData("agreement")]
    public void A_peer_that_acts_as_connected_completes_it(string sign)
    {
        var (bench, connection, peer) = Start();
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true));
        bench.Receive(sign switch
        {
            "data" => peer.Data(0, [1, 2, 3]),
            "agreement" => peer.Handshake(RequestType.Agreement),
            _ => peer.Signal(ControlType.KeepAlive),
        });
        Assert.Equal(UdtState.Connected, connection.State);

        // Unlike the reference we do not swallow the packet that completes it.
        Assert.Equal(sign == "data" ? 3 : 0, connection.Read(new byte[10], bench.Now));
    }

    // PROTOCOL RDV-5.
    [Theory]
    [InlineData("full-cone", true), InlineData("restricted-cone", true), InlineData("open", true), InlineData("port-restricted-cone", false)]
    public void A_symmetric_peer_is_met_by_who_lets_another_port_in(string left, bool meets)
    {
        using var net = new SimNetwork(7);
        var (a, b) = net.Peers(NatBehavior.All.Single(nat => nat.Name == left), NatBehavior.Symmetric, LinkProfile.Fibre);
        var open = new UdtPeer(net, a, 5000, new UdtOptions(), 1, 2) { ToWrite = 100_000 };
        var symmetric = new UdtPeer(net, b, 5000, new UdtOptions(), 2, 1) { ToRead = 100_000 };

        // The symmetric one could only tell the port that a STUN server saw, which is not the one it will use here.
        var told = (b.Nats.LastOrDefault()?.OutsideAddress ?? b.Address).WithPort(60123);
        open.Rendezvous(told);
        symmetric.Rendezvous((a.Nats.LastOrDefault()?.OutsideAddress ?? a.Address).WithPort(5000));
        net.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal(meets, symmetric.IsDone);
    }

    [Fact]
    public void Traffic_before_any_handshake_or_of_other_kinds_completes_nothing()
    {
        var (bench, connection, peer) = Start();
        bench.Receive(peer.Data(0, [1]));
        bench.Receive(peer.Signal(ControlType.KeepAlive));
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true));
        bench.Receive(peer.Signal(ControlType.Ack2, 1));
        bench.Receive(peer.Signal(ControlType.Shutdown));
        bench.Receive(peer.Ack(1, MachineBench.Ours(0)));
        bench.Receive(peer.Handshake((RequestType)1, toZero: true));
        bench.Receive(peer.Handshake(RequestType.Rejected));
        Assert.Equal(UdtState.Connecting, connection.State);
    }

    [Fact]
    public void Noise_for_id_0_that_is_no_handshake_ends_no_connect()
    {
        var (bench, connection, peer) = Start();
        var zero = new PeerPackets(ourId: 0);
        bench.Receive(zero.Signal(ControlType.Shutdown));
        bench.Receive(zero.Data(0, [1]));
        bench.Receive(zero.Signal(ControlType.KeepAlive));
        Assert.Equal(UdtState.Connecting, connection.State);
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true));
        bench.Receive(peer.Handshake(RequestType.Conclusion));
        Assert.Equal(UdtState.Connected, connection.State);
    }

    [Fact]
    public void A_peer_that_began_anew_while_we_connect_is_met_as_it_is_now()
    {
        var (bench, connection, peer) = Start();
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true));
        var anew = new PeerPackets(connection.SocketId, peerId: 0x999, peerInitial: 123);
        bench.Receive(anew.Handshake(RequestType.Rendezvous, toZero: true));
        Assert.Equal(0x999u, bench.SentHandshakes()[^1].Destination);
        bench.Receive(anew.Handshake(RequestType.Conclusion));
        bench.Receive(anew.Data(0, [7]));
        Assert.Equal(1, connection.Read(new byte[10], bench.Now));
    }

    [Fact]
    public void A_connection_that_was_never_used_ends_when_its_peer_begins_anew()
    {
        var (bench, connection, peer) = Start();
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true));
        bench.Receive(peer.Handshake(RequestType.Conclusion));
        bench.Receive(new PeerPackets(0, peerId: 0x999, peerInitial: 123).Handshake(RequestType.Rendezvous));
        Assert.Equal(CloseReason.PeerRestarted, connection.CloseReason);
    }

    [Fact]
    public void A_connection_in_use_is_not_changed_by_handshakes_of_others()
    {
        var (bench, connection, _) = MachineBench.Connected();
        bench.Receive(new PeerPackets(0, peerId: 0x999, peerInitial: 123).Handshake(RequestType.Rendezvous));
        bench.Receive(new PeerPackets(connection.SocketId, peerId: 0x999).Handshake(RequestType.Conclusion));
        bench.Receive(new PeerPackets(connection.SocketId, peerInitial: 4).Handshake(RequestType.Conclusion));
        Assert.Equal(UdtState.Connected, connection.State);
        Assert.Equal(3, connection.Statistics.PacketsInvalid);
        Assert.Empty(bench.SentHandshakes());
    }

    [Fact]
    public void The_conclusion_is_repeated_until_the_peer_proves_to_be_connected()
    {
        var (bench, _, peer) = Start();
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true));
        bench.Receive(peer.Handshake(RequestType.Conclusion));
        bench.Sent.Clear();
        bench.RunFor(Second);
        Assert.Equal(4, bench.SentHandshakes().Count(sent => sent.Request == RequestType.Conclusion));
        bench.Receive(peer.Signal(ControlType.KeepAlive));
        bench.Sent.Clear();
        bench.RunFor(Second);
        Assert.Empty(bench.SentHandshakes());
    }

    [Fact]
    public void The_first_data_waits_for_a_sign_of_the_peer_but_not_for_long()
    {
        var (bench, connection, peer) = Start();
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true));
        bench.Receive(peer.Handshake(RequestType.Conclusion));
        var connected = bench.Now;
        connection.Write(new byte[100]);
        bench.RunFor(TimeSpan.FromMilliseconds(200));
        Assert.InRange((bench.SentData()[0].At - connected).TotalMilliseconds, 20, 50);

        (bench, connection, _) = MachineBench.Connected();
        connection.Write(new byte[100]);
        bench.Drain();
        Assert.Equal(bench.Now, bench.SentData()[0].At);
    }

    [Theory]
    [InlineData(43u, 8192u), InlineData(44u, 8192u), InlineData(75u, 8192u), InlineData(65536u, 8192u), InlineData(1500u, 0u), InlineData(1500u, 1u)]
    public void Handshakes_one_cannot_live_with_are_ignored(uint mss, uint window)
    {
        var (bench, connection, peer) = Start();
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true, mss: mss, window: window));
        bench.Receive(peer.Handshake(RequestType.Conclusion, mss: mss, window: window));
        Assert.Equal((UdtState.Connecting, 2), (connection.State, connection.Statistics.PacketsInvalid));
    }

    [Theory]
    [InlineData(0, 0.0), InlineData(0.02, 0.0), InlineData(3, 0.0), InlineData(29, 0.0), InlineData(0, 0.3), InlineData(3, 0.3), InlineData(29, 0.1)]
    public void Two_of_us_meet_whoever_starts_first(double apart, double loss)
    {
        foreach (var seed in SimulationSeeds.From(1, 2, 3, 4, 5))
        {
            using var net = new SimNetwork(seed);
            var (a, b) = net.Peers(new LinkProfile { Delay = TimeSpan.FromMilliseconds(20), Loss = loss });
            var left = new UdtPeer(net, a, 5000, new UdtOptions(), 1, 2) { ToWrite = 1000 };
            var right = new UdtPeer(net, b, 5000, new UdtOptions(), 2, 1) { ToRead = 1000 };
            left.Rendezvous(right.Socket.Local);
            net.At(TimeSpan.FromSeconds(apart), () => right.Socket.Command(_ => right.Rendezvous(left.Socket.Local)));
            net.RunUntil(() => right.Read == 1000, TimeSpan.FromSeconds(apart + 0.5 + (loss * 60)));
        }
    }

    private static (MachineBench Bench, UdtConnection Connection, PeerPackets Peer) Start()
    {
        var bench = new MachineBench();
        var connection = bench.Endpoint.Rendezvous(MachineBench.PeerAddress, bench.Now);
        bench.Drain();
        return (bench, connection, new PeerPackets(connection.SocketId));
    }
}
