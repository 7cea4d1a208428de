using System.Buffers.Binary;
using P2PCopy.Datagrams;
using P2PCopy.Tests.Vectors;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Handshake;

/// <summary>
/// Our machine takes the place of one side of a captured session, with its id and numbers; the other side speaks as it did. So
/// nothing has to be adapted but the cookie of a listener, which is ours.
/// </summary>
public sealed class CapturedSessionTests
{
    private static readonly UdpEndpoint A = UdpEndpoint.FromIPv4(0x0a4d0001, 9001);
    private static readonly UdpEndpoint B = UdpEndpoint.FromIPv4(0x0a4d0002, 9001);

    [Theory]
    [InlineData("rdv-cpp-cpp", true), InlineData("rdv-cpp-cpp", false)]
    [InlineData("rdv-cpp-keepalive-completes", true), InlineData("rdv-cpp-keepalive-completes", false)]
    [InlineData("rdv-cpp-lost-a-minus1", true), InlineData("rdv-cpp-lost-a-minus1", false)]
    [InlineData("rdv-cpp-lost-b-minus1", true), InlineData("rdv-cpp-lost-b-minus1", false)]
    [InlineData("rdv-cpp-to-udtsharp", true), InlineData("rdv-cpp-to-udtsharp", false)]
    [InlineData("rdv-udtsharp-to-cpp", true), InlineData("rdv-udtsharp-to-cpp", false)]
    [InlineData("rdv-udtsharp-udtsharp", true), InlineData("rdv-udtsharp-udtsharp", false)]
    [InlineData("p2pcopy-session", true), InlineData("p2pcopy-session", false)]
    public void We_take_either_side_of_a_captured_rendezvous(string session, bool asA)
    {
        var replay = new Replay(session, asA);
        var connection = replay.Bench.Endpoint.Rendezvous(asA ? B : A, replay.Bench.Now);
        replay.Run(connection);

        Assert.Equal(Convert.ToHexString(replay.OurFirst), Convert.ToHexString(replay.Bench.Sent[0].Bytes));
        Assert.True(replay.WasConnected);
        Assert.Equal(Convert.ToHexString(replay.PeersStream()), Convert.ToHexString(replay.Read.ToArray()));
        if (replay.PeerShutsDown) Assert.Equal(CloseReason.ClosedByPeer, connection.CloseReason);
    }

    [Theory]
    [InlineData("cs-cpp-client-cpp-server")]
    [InlineData("cs-cpp-client-udtsharp-server")]
    [InlineData("cs-udtsharp-client-cpp-server")]
    [InlineData("cs-udtsharp-client-udtsharp-server")]
    public void We_call_a_captured_listener(string session)
    {
        var replay = new Replay(session, asA: false);
        var connection = replay.Bench.Endpoint.Connect(A, replay.Bench.Now);
        replay.Run(connection);

        var captured = replay.Ours(RequestType.Conclusion);
        Assert.Equal(Convert.ToHexString(replay.OurFirst), Convert.ToHexString(replay.Bench.Sent[0].Bytes));
        Assert.Equal(Convert.ToHexString(captured), Convert.ToHexString(replay.Bench.Sent[1].Bytes));
        Assert.True(replay.WasConnected);
        Assert.Equal(Convert.ToHexString(replay.PeersStream()), Convert.ToHexString(replay.Read.ToArray()));
    }

    [Theory]
    [InlineData("cs-cpp-client-cpp-server")]
    [InlineData("cs-cpp-client-udtsharp-server")]
    [InlineData("cs-udtsharp-client-cpp-server")]
    [InlineData("cs-udtsharp-client-udtsharp-server")]
    public void We_listen_to_a_captured_caller(string session)
    {
        var replay = new Replay(session, asA: true, id: Replay.IdOfAnswer(session));
        replay.Bench.Endpoint.Listen(backlog: 1);
        replay.Run(null);

        Assert.NotNull(replay.Connection);
        Assert.Equal(Convert.ToHexString(replay.PeersStream()), Convert.ToHexString(replay.Read.ToArray()));
        var response = replay.Bench.Sent.First(sent => HandshakePacket.TryRead(sent.Bytes, out var packet) && packet.Request == RequestType.Conclusion).Bytes;
        Assert.True(HandshakePacket.TryRead(response, out var answer));
        Assert.True(HandshakePacket.TryRead(replay.Peers(RequestType.Conclusion), out var conclusion));
        Assert.Equal((conclusion.SocketId, conclusion.InitialSequence), (answer.Destination, answer.InitialSequence));
        Assert.Equal(B.WithPort(0), answer.Address);
    }

    [Fact]
    public void A_captured_refusal_ends_the_call()
    {
        var replay = new Replay("cs-reject-1002", asA: false);
        var connection = replay.Bench.Endpoint.Connect(A, replay.Bench.Now);
        replay.Run(connection);
        Assert.Equal(CloseReason.Rejected, connection.CloseReason);
        Assert.All(replay.Bench.Sent, sent => Assert.Equal(HandshakePacket.Length, sent.Bytes.Length));
    }

    [Fact]
    public void Late_handshakes_are_answered_by_agreements_like_those_of_the_reference()
    {
        var replay = new Replay("rdv-cpp-answer-minus2", asA: true);
        var connection = replay.Bench.Endpoint.Rendezvous(B, replay.Bench.Now);
        replay.Run(connection);

        // Three late handshakes are answered; the agreement that comes last is not.
        var answers = replay.Bench.SentHandshakes().Where(sent => sent.Request == RequestType.Agreement).ToList();
        Assert.Equal(3, answers.Count);
        Assert.Equal(UdtState.Connected, connection.State);
    }

    [Fact]
    public void Agreements_complete_a_connect_that_missed_the_conclusions()
    {
        var replay = new Replay("rdv-cpp-answer-minus2", asA: false);
        var connection = replay.Bench.Endpoint.Rendezvous(A, replay.Bench.Now);
        replay.Run(connection, skip: packet => packet.Request == RequestType.Conclusion);
        Assert.True(replay.WasConnected);
        Assert.Equal(8192, connection.Statistics.FlowWindow);
    }

    private sealed class Replay
    {
        private readonly List<VectorDatagram> _datagrams;
        private readonly bool _asA;

        public Replay(string session, bool asA, uint? id = null)
        {
            _asA = asA;
            _datagrams = [.. VectorFile.Load(session).Datagrams.Where(datagram => datagram.Length != 1 && !IsStun(datagram.Bytes))];
            OurFirst = _datagrams.First(datagram => datagram.FromA == asA).Bytes;
            Assert.True(HandshakePacket.TryRead(OurFirst, out var first));
            var ours = id ?? first.SocketId;
            Bench = new MachineBench(
                new UdtOptions
                {
                    InitialSequence = first.InitialSequence,
                    Mss = (int)first.Mss,
                    ReceiveBufferPackets = (int)first.FlowWindow,
                    SocketType = (UdtSocketType)first.SocketType,
                },
                () => ours);
            PeerShutsDown = _datagrams.Any(datagram => datagram.FromA != asA && datagram.Bytes[..2] is [0x80, 0x05]);
        }

        public MachineBench Bench { get; }

        public byte[] OurFirst { get; }

        public bool PeerShutsDown { get; }

        public UdtConnection? Connection { get; private set; }

        public bool WasConnected { get; private set; }

        public List<byte> Read { get; } = [];

        public static uint IdOfAnswer(string session)
        {
            foreach (var datagram in VectorFile.Load(session).Datagrams)
                if (datagram.FromA && HandshakePacket.TryRead(datagram.Bytes, out var packet) && packet.Request == RequestType.Conclusion) return packet.SocketId;
            throw new FormatException("the session has no response");
        }

        public void Run(UdtConnection? connection, Func<HandshakePacket, bool>? skip = null)
        {
            Connection = connection;
            var start = Bench.Now - _datagrams.First(datagram => datagram.FromA == _asA).Time;
            var written = new HashSet<uint>();
            var cookie = 0u;
            Bench.Drain();
            foreach (var datagram in _datagrams)
            {
                var at = start + datagram.Time;
                if (at > Bench.Now) Bench.RunFor(at - Bench.Now, Look);
                var bytes = datagram.Padded();
                if (datagram.FromA == _asA)
                {
                    // What that side wrote, we write.
                    if (DataPacket.TryRead(bytes, out var data) && written.Add(data.Sequence.Value)) Connection?.Write(data.Payload);
                    continue;
                }

                if (HandshakePacket.TryRead(bytes, out var packet))
                {
                    if (skip?.Invoke(packet) == true) continue;
                    if (connection is null && packet.Request == RequestType.Conclusion) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(44), cookie);
                }

                Bench.Receive(bytes, _asA ? B : A);
                if (connection is null && HandshakePacket.TryRead(Bench.Sent[^1].Bytes, out var answer)) cookie = answer.Cookie;
                Look();
            }

            Bench.RunFor(TimeSpan.FromMilliseconds(100), Look);
        }

        /// <summary>The stream of the other side, from its data packets, each taken once.</summary>
        public byte[] PeersStream()
        {
            var packets = new SortedDictionary<int, byte[]>();
            SequenceNumber? start = null;
            foreach (var datagram in _datagrams.Where(datagram => datagram.FromA != _asA))
            {
                if (HandshakePacket.TryRead(datagram.Bytes, out var handshake)) start = handshake.InitialSequence;
                else if (DataPacket.TryRead(datagram.Padded(), out var data)) packets[data.Sequence.OffsetFrom(start!.Value)] = data.Payload.ToArray();
            }

            return [.. packets.Values.SelectMany(payload => payload)];
        }

        public byte[] Ours(RequestType request) => Find(request, fromA: _asA);

        public byte[] Peers(RequestType request) => Find(request, fromA: !_asA);

        private byte[] Find(RequestType request, bool fromA) => _datagrams.First(datagram =>
            datagram.FromA == fromA && HandshakePacket.TryRead(datagram.Bytes, out var packet) && packet.Request == request).Bytes;

        private void Look()
        {
            if (Connection is null && Bench.Endpoint.TryAccept(out var accepted)) Connection = accepted;
            if (Connection is null) return;
            WasConnected |= Connection.State == UdtState.Connected;
            var room = new byte[4096];
            while (Connection.Read(room, Bench.Now) is > 0 and var count) Read.AddRange(room[..count]);
        }

        private static bool IsStun(byte[] bytes) => bytes.Length >= 20 && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)) == 0x2112a442;
    }
}
