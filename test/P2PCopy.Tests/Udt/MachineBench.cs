using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt;

/// <summary>One endpoint, a clock that the test turns, and everything that the endpoint sends. There is no network.</summary>
internal sealed class MachineBench
{
    public static readonly UdpEndpoint PeerAddress = UdpEndpoint.FromIPv4(0x0a000002, 9000);
    public const uint OurInitial = 70_000;

    private const int MostAtOneInstant = 100_000;
    private readonly byte[] _buffer = new byte[9216];
    private readonly Random _random = new(1);

    public MachineBench(UdtOptions? options = null, Func<uint>? random = null)
    {
        Endpoint = new UdtEndpoint(
            options ?? new UdtOptions { InitialSequence = new SequenceNumber(OurInitial), SendBufferPackets = 1024, ReceiveBufferPackets = 1024 },
            random ?? (() => (uint)_random.NextInt64(1, 1L << 32)),
            Now);
    }

    public UdtEndpoint Endpoint { get; }

    public Instant Now { get; private set; } = new(1_000_000_000_000);

    /// <summary>What was sent since the test last cleared it.</summary>
    public List<(Instant At, byte[] Bytes, UdpEndpoint To)> Sent { get; } = [];

    /// <summary>Whether sent datagrams are kept.</summary>
    public bool Records { get; set; } = true;

    /// <summary>The n-th packet of ours.</summary>
    public static SequenceNumber Ours(long index) => new SequenceNumber(OurInitial) + index;

    /// <summary>A rendezvous connection whose peer has shown that it is connected.</summary>
    public static (MachineBench Bench, UdtConnection Connection, PeerPackets Peer) Connected(
        UdtOptions? options = null, uint mss = 1500, uint window = 8192, uint peerInitial = 5000, uint cookie = 0)
    {
        var bench = new MachineBench(options);
        var connection = bench.Endpoint.Rendezvous(PeerAddress, bench.Now);
        var peer = new PeerPackets(connection.SocketId, peerInitial: peerInitial);
        bench.Receive(peer.Handshake(RequestType.Rendezvous, toZero: true, mss: mss, window: window, cookie: cookie));
        bench.Receive(peer.Handshake(RequestType.Conclusion, mss: mss, window: window, cookie: cookie));
        bench.Receive(peer.Signal(ControlType.KeepAlive));
        bench.Drain();
        Assert.Equal(UdtState.Connected, connection.State);
        bench.Sent.Clear();
        return (bench, connection, peer);
    }

    /// <summary>A datagram arrives, as the driver would bring it.</summary>
    public void Receive(ReadOnlySpan<byte> datagram, UdpEndpoint? from = null)
    {
        if (Endpoint.Accepts(datagram, from ?? PeerAddress)) Endpoint.Handle(datagram, from ?? PeerAddress, Now);
        Drain();
    }

    /// <summary>Lets time pass; every deadline is served when it comes.</summary>
    public void RunFor(TimeSpan time, Action? stepped = null)
    {
        var end = Now + time;
        Drain();
        while (Endpoint.NextTimeout <= end)
        {
            Now = Instant.Max(Now, Endpoint.NextTimeout);
            Endpoint.HandleTimeout(Now);
            Drain();
            stepped?.Invoke();
            Assert.True(Endpoint.NextTimeout > Now, "after a drain the deadline is ahead");
        }

        Now = end;
    }

    public void Drain()
    {
        for (var count = 0; Endpoint.TryTransmit(_buffer, Now, out var transmit); count++)
        {
            Assert.True(count < MostAtOneInstant, "it sends without end");
            if (Records) Sent.Add((Now, _buffer[..transmit.Length], transmit.Destination));
        }
    }

    /// <summary>The data packets among what was sent: index in the connection and payload.</summary>
    public List<(Instant At, long Index, byte[] Payload)> SentData()
    {
        var found = new List<(Instant, long, byte[])>();
        foreach (var (at, bytes, _) in Sent)
            if (DataPacket.TryRead(bytes, out var data)) found.Add((at, data.Sequence.OffsetFrom(Ours(0)), data.Payload.ToArray()));
        return found;
    }

    /// <summary>The handshakes among what was sent.</summary>
    public List<(Instant At, RequestType Request, uint Destination)> SentHandshakes()
    {
        var found = new List<(Instant, RequestType, uint)>();
        foreach (var (at, bytes, _) in Sent)
            if (HandshakePacket.TryRead(bytes, out var packet)) found.Add((at, packet.Request, packet.Destination));
        return found;
    }

    /// <summary>The times at which a type of control packet was sent.</summary>
    public List<Instant> SentControl(ControlType type) =>
        [.. Sent.Where(sent => PacketHeader.TryRead(sent.Bytes, out var header) && header.IsControl && header.Type == type).Select(sent => sent.At)];

    /// <summary>The ranges that were reported as lost, as indices of the peer's packets.</summary>
    public List<(Instant At, long First, long Last)> SentLosses(uint peerInitial = 5000)
    {
        var found = new List<(Instant, long, long)>();
        foreach (var (at, bytes, _) in Sent)
        {
            if (!NakPacket.TryRead(bytes, out var nak)) continue;
            var list = nak.List;
            while (NakPacket.TryTake(ref list, out var first, out var last))
                found.Add((at, first.OffsetFrom(new SequenceNumber(peerInitial)), last.OffsetFrom(new SequenceNumber(peerInitial))));
        }

        return found;
    }

    /// <summary>The newest acknowledgement that was sent.</summary>
    public (uint Number, long Next, uint Free)? LastAck(uint peerInitial = 5000)
    {
        for (var i = Sent.Count - 1; i >= 0; i--)
            if (AckPacket.TryRead(Sent[i].Bytes, out var ack) && !ack.IsLight)
                return (ack.Number.Value, ack.NextExpected.OffsetFrom(new SequenceNumber(peerInitial)), ack.FreePackets);
        return null;
    }
}
