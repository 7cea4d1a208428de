using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Handshake;

public sealed class CallerTests
{
    private readonly MachineBench _bench = new();
    private readonly UdtConnection _connection;
    private readonly PeerPackets _peer;

    public CallerTests()
    {
        _connection = _bench.Endpoint.Connect(MachineBench.PeerAddress, _bench.Now);
        _bench.Drain();
        _peer = new PeerPackets(_connection.SocketId);
    }

    [Fact]
    public void It_asks_every_250_milliseconds_and_gives_up_after_3_seconds()
    {
        _bench.RunFor(TimeSpan.FromSeconds(4));
        Assert.Equal(12, _bench.SentHandshakes().Count(sent => sent.Request == RequestType.Request));
        Assert.Equal(CloseReason.ConnectTimedOut, _connection.CloseReason);
    }

    [Fact]
    public void It_echoes_the_cookie_at_once_and_again_until_the_response_comes()
    {
        Answer();
        _bench.RunFor(TimeSpan.FromMilliseconds(600));
        var conclusions = _bench.Sent.Where(sent => HandshakePacket.TryRead(sent.Bytes, out var packet) && packet.Request == RequestType.Conclusion).ToList();
        Assert.Equal(3, conclusions.Count);
        Assert.All(conclusions, sent => Assert.Equal("DEADBEEF", Convert.ToHexString(sent.Bytes[44..48])));
        Respond(MachineBench.OurInitial);
        Assert.Equal(UdtState.Connected, _connection.State);
    }

    [Fact]
    public void A_response_with_another_number_is_not_ours()
    {
        Answer();
        Respond(MachineBench.OurInitial + 1);
        Assert.Equal(UdtState.Connecting, _connection.State);
        Respond(MachineBench.OurInitial);
        Assert.Equal(UdtState.Connected, _connection.State);
    }

    [Fact]
    public void A_refusal_ends_it()
    {
        Answer();
        _bench.Receive(_peer.Handshake(RequestType.Rejected));
        Assert.Equal((UdtState.Closed, CloseReason.Rejected), (_connection.State, _connection.CloseReason));
    }

    [Fact]
    public void Responses_before_the_cookie_and_from_elsewhere_are_ignored()
    {
        Respond(MachineBench.OurInitial);
        Assert.Equal(UdtState.Connecting, _connection.State);
        Answer();
        _bench.Receive(_peer.Handshake(RequestType.Conclusion, isn: MachineBench.OurInitial), MachineBench.PeerAddress.WithPort(1));
        _bench.Receive(_peer.Signal(ControlType.Shutdown));
        _bench.Receive(_peer.Data(0, [1]));
        Assert.Equal(UdtState.Connecting, _connection.State);
    }

    [Fact]
    public void A_second_response_changes_nothing()
    {
        Answer();
        Respond(MachineBench.OurInitial);
        _bench.Sent.Clear();
        _bench.Receive(_peer.Handshake(RequestType.Conclusion, isn: MachineBench.OurInitial, window: 25600));
        Assert.Equal((UdtState.Connected, 8192), (_connection.State, _connection.Statistics.FlowWindow));
        Assert.Empty(_bench.SentHandshakes());
    }

    [Fact]
    public void Closing_while_it_connects_ends_it_without_a_word()
    {
        _bench.Sent.Clear();
        _connection.Close(_bench.Now);
        _bench.RunFor(TimeSpan.FromSeconds(10));
        Assert.Empty(_bench.Sent);
        Assert.Equal((CloseReason.Aborted, 0), (_connection.CloseReason, _bench.Endpoint.ConnectionCount));
    }

    private void Answer() => _bench.Receive(_peer.Handshake(RequestType.Request, id: _connection.SocketId, isn: MachineBench.OurInitial, cookie: 0xdeadbeef));

    private void Respond(uint initial) => _bench.Receive(_peer.Handshake(RequestType.Conclusion, isn: initial, cookie: 0xdeadbeef));
}
