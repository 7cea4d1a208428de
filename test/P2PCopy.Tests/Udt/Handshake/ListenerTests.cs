using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Handshake;

public sealed class ListenerTests
{
    private static readonly UdpEndpoint Other = UdpEndpoint.FromIPv4(0x0a000003, 9000);
    private readonly MachineBench _bench = new();
    private readonly PeerPackets _peer = new(ourId: 0);

    [Fact]
    public void A_request_gets_its_own_packet_back_with_a_cookie_and_leaves_no_trace()
    {
        _bench.Endpoint.Listen(1);
        var request = _peer.Handshake(RequestType.Request);
        _bench.Receive(request);
        Assert.True(HandshakePacket.TryRead(_bench.Sent[0].Bytes, out var answer));
        Assert.Equal((_peer.Id, _peer.Id, 5000u), (answer.Destination, answer.SocketId, answer.InitialSequence.Value));
        Assert.NotEqual(0u, answer.Cookie);
        Assert.Equal(request.Length, _bench.Sent[0].Bytes.Length);
        Assert.Equal(0, _bench.Endpoint.ConnectionCount);
    }

    [Fact]
    public void The_cookie_makes_a_connection_with_the_callers_number_for_both_directions()
    {
        _bench.Endpoint.Listen(1);
        _bench.Receive(_peer.Handshake(RequestType.Conclusion, cookie: Cookie()));
        Assert.True(_bench.Endpoint.TryAccept(out var connection));
        Assert.Equal(UdtState.Connected, connection!.State);
        Assert.True(HandshakePacket.TryRead(LastHandshake(), out var response));
        Assert.Equal((RequestType.Conclusion, _peer.Id, connection.SocketId, 5000u),
            (response.Request, response.Destination, response.SocketId, response.InitialSequence.Value));

        // What the caller would send and get.
        var peer = new PeerPackets(connection.SocketId);
        _bench.Receive(peer.Data(0, [1, 2]));
        Assert.Equal(2, connection.Read(new byte[10], _bench.Now));
        connection.Write([3]);
        _bench.Drain();
        Assert.True(DataPacket.TryRead(_bench.Sent[^1].Bytes, out var data));
        Assert.Equal(5000u, data.Sequence.Value);
    }

    [Fact]
    public void A_repeated_conclusion_gets_the_same_response_and_no_second_connection()
    {
        _bench.Endpoint.Listen(2);
        var conclusion = _peer.Handshake(RequestType.Conclusion, cookie: Cookie());
        _bench.Receive(conclusion);
        var first = LastHandshake();
        for (var i = 0; i < 5; i++)
        {
            _bench.Sent.Clear();
            _bench.Receive(conclusion);
            Assert.Equal(Convert.ToHexString(first), Convert.ToHexString(LastHandshake()));
        }

        Assert.Equal(1, _bench.Endpoint.ConnectionCount);
    }

    [Fact]
    public void A_cookie_is_worth_nothing_from_another_address_or_port()
    {
        _bench.Endpoint.Listen(1);
        var conclusion = _peer.Handshake(RequestType.Conclusion, cookie: Cookie());
        _bench.Sent.Clear();
        _bench.Receive(conclusion, Other);
        _bench.Receive(conclusion, MachineBench.PeerAddress.WithPort(9001));
        Assert.Equal(0, _bench.Endpoint.ConnectionCount);
        Assert.Empty(_bench.Sent);
    }

    [Theory]
    [InlineData(0, true), InlineData(59, true), InlineData(60, true), InlineData(61, true), InlineData(121, false)]
    public void A_cookie_lives_over_the_minute_and_no_longer_than_two(int seconds, bool connects)
    {
        _bench.Endpoint.Listen(1);
        _bench.RunFor(TimeSpan.FromSeconds(30));
        var cookie = Cookie();
        _bench.RunFor(TimeSpan.FromSeconds(seconds));
        _bench.Receive(_peer.Handshake(RequestType.Conclusion, cookie: cookie));
        Assert.Equal(connects ? 1 : 0, _bench.Endpoint.ConnectionCount);
    }

    [Fact]
    public void A_full_backlog_refuses_with_1002_and_takes_again_after_an_accept()
    {
        _bench.Endpoint.Listen(1);
        _bench.Receive(_peer.Handshake(RequestType.Conclusion, cookie: Cookie()));
        var second = new PeerPackets(0, peerId: 77);
        _bench.Receive(second.Handshake(RequestType.Conclusion, cookie: Cookie()));
        Assert.True(HandshakePacket.TryRead(LastHandshake(), out var refusal));
        Assert.Equal((RequestType.Rejected, 77u), (refusal.Request, refusal.Destination));
        Assert.True(_bench.Endpoint.TryAccept(out _));
        _bench.Receive(second.Handshake(RequestType.Conclusion, cookie: Cookie()));
        Assert.True(_bench.Endpoint.TryAccept(out _));
    }

    [Theory]
    [InlineData(3u, 1u, false), InlineData(4u, 0u, false), InlineData(4u, 3u, false), InlineData(4u, 1u, true), InlineData(4u, 2u, true)]
    public void Other_versions_and_types_are_refused(uint version, uint type, bool connects)
    {
        _bench.Endpoint.Listen(1);
        var conclusion = _peer.Handshake(RequestType.Conclusion, cookie: Cookie());
        (conclusion[19], conclusion[23]) = ((byte)version, (byte)type);
        _bench.Receive(conclusion);
        Assert.Equal(connects, _bench.Endpoint.TryAccept(out _));
        Assert.True(HandshakePacket.TryRead(LastHandshake(), out var answer));
        Assert.Equal(connects ? RequestType.Conclusion : RequestType.Rejected, answer.Request);
    }

    [Fact]
    public void A_flood_of_requests_leaves_no_state_and_an_honest_caller_gets_through_after_it()
    {
        _bench.Endpoint.Listen(4);
        var request = _peer.Handshake(RequestType.Request);
        for (var i = 0; i < 200; i++) _bench.Endpoint.Handle(request, Other.WithPort((ushort)(i + 1)), _bench.Now);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++) _bench.Endpoint.Handle(request, Other.WithPort((ushort)(i + 1)), _bench.Now);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal(0, _bench.Endpoint.ConnectionCount);
        _bench.Drain();
        Assert.InRange(_bench.Sent.Count, 1, 64);
        _bench.Receive(_peer.Handshake(RequestType.Conclusion, cookie: Cookie()));
        Assert.True(_bench.Endpoint.TryAccept(out _));
    }

    [Fact]
    public void A_flood_of_wrong_cookies_makes_no_connection_and_no_answer()
    {
        _bench.Endpoint.Listen(4);
        for (var i = 0u; i < 5000; i++) _bench.Receive(_peer.Handshake(RequestType.Conclusion, cookie: i, id: 1 + i), Other);
        Assert.Equal(0, _bench.Endpoint.ConnectionCount);
        Assert.Empty(_bench.Sent);
    }

    [Theory]
    [InlineData(63), InlineData(65)]
    public void A_listener_hears_handshakes_of_exactly_64_bytes(int length)
    {
        _bench.Endpoint.Listen(1);
        var request = _peer.Handshake(RequestType.Request);
        Array.Resize(ref request, length);
        _bench.Receive(request);
        Assert.Empty(_bench.Sent);
    }

    [Fact]
    public void Who_does_not_listen_answers_nobody()
    {
        _bench.Receive(_peer.Handshake(RequestType.Request));
        Assert.Empty(_bench.Sent);
    }

    private uint Cookie()
    {
        _bench.Receive(_peer.Handshake(RequestType.Request));
        Assert.True(HandshakePacket.TryRead(LastHandshake(), out var answer));
        return answer.Cookie;
    }

    private byte[] LastHandshake() => _bench.Sent.Last(sent => HandshakePacket.TryRead(sent.Bytes, out _)).Bytes;
}
