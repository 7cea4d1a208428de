using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt;

/// <summary>
/// A receiver with the habits of the reference library: deaf for some milliseconds after its handshake, looks whether an
/// acknowledgement is due only when a packet arrives or nothing came for 100 ms, and reports a loss once and never again.
/// </summary>
internal sealed class ReferenceReceiver(UdpEndpoint remote, Instant start) : IDatagramProtocol
{
    private const uint Id = 0x2abcdef0;
    private const int FullPayload = 1456;
    private static readonly SequenceNumber Initial = new(4711);
    private static readonly TimeSpan Deaf = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AckTimeout = TimeSpan.FromMilliseconds(300);

    private readonly Queue<byte[]> _out = new();
    private readonly Dictionary<long, byte[]> _waiting = [];
    private readonly HashSet<uint> _confirmed = [];
    private RequestType _request = RequestType.Rendezvous;
    private SequenceNumber _peerInitial;
    private uint _peerId;
    private Instant _connectedAt = Instant.Never;
    private Instant _nextHandshake = start;
    private Instant _lastAck = start;
    private Instant _lastLook = start;
    private long _next;
    private long _newest;
    private long _acknowledged;
    private uint _ackNumber;
    private int _sinceAck;

    /// <summary>What has arrived in order and was acknowledged.</summary>
    public List<byte> Stream { get; } = [];

    /// <summary>Packets that came while it was deaf.</summary>
    public int Swallowed { get; private set; }

    public bool IsShutDown { get; private set; }

    public Instant NextTimeout => IsShutDown ? Instant.Never : _connectedAt == Instant.Never ? _nextHandshake : _lastLook + Look;

    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint from) => from == remote;

    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint from, Instant now)
    {
        if (HandshakePacket.TryRead(datagram, out var handshake))
        {
            OnHandshake(handshake, now);
            return;
        }

        if (_connectedAt == Instant.Never || now - _connectedAt < Deaf)
        {
            // Any sign of life completes a rendezvous, and is lost by that.
            if (_connectedAt == Instant.Never && _peerId != 0) _connectedAt = now;
            Swallowed++;
            return;
        }

        if (DataPacket.TryRead(datagram, out var data)) OnData(data, now);
        else if (SignalPacket.TryRead(datagram, out var signal)) OnSignal(signal);
        LookAtTimers(now);
    }

    public void HandleTimeout(Instant now)
    {
        if (_connectedAt != Instant.Never && now - _lastLook >= Look) LookAtTimers(now);
    }

    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        if (_connectedAt == Instant.Never && _nextHandshake <= now)
        {
            _nextHandshake = now + Repeat;
            _out.Enqueue(Handshake());
        }

        transmit = default;
        if (!_out.TryDequeue(out var packet)) return false;
        packet.CopyTo(buffer);
        transmit = new Transmit(packet.Length, remote);
        return true;
    }

    private void OnHandshake(in HandshakePacket packet, Instant now)
    {
        if (_connectedAt != Instant.Never)
        {
            if (packet.Destination == Id && packet.Request != RequestType.Agreement) _out.Enqueue(Handshake(RequestType.Agreement));
            return;
        }

        (_peerId, _peerInitial) = (packet.SocketId, packet.InitialSequence);
        if (_request == RequestType.Conclusion && packet.Request != RequestType.Rendezvous)
        {
            _connectedAt = _lastLook = now;
            return;
        }

        _request = RequestType.Conclusion;
        _nextHandshake = now;
    }

    private void OnData(in DataPacket packet, Instant now)
    {
        var index = _next + packet.Sequence.OffsetFrom(_peerInitial + _next);
        if (index < _next || !_waiting.TryAdd(index, packet.Payload.ToArray())) return;
        if (index > _newest) Report(_newest, index - 1);
        _newest = Math.Max(_newest, index + 1);
        while (_waiting.ContainsKey(_next)) _next++;
        _sinceAck++;
        if (packet.Payload.Length != FullPayload) Acknowledge(now);
    }

    private void OnSignal(in SignalPacket signal)
    {
        if (signal.Type == ControlType.Ack2) _confirmed.Add(signal.Info);
        IsShutDown |= signal.Type == ControlType.Shutdown;
    }

    private void LookAtTimers(Instant now)
    {
        _lastLook = now;
        if (now - _lastAck > Period) Acknowledge(now);
        else if (_sinceAck >= 64)
        {
            _sinceAck = 0;
            _out.Enqueue(PeerPackets.Write(new AckPacket { Destination = _peerId, NextExpected = _peerInitial + _next, IsLight = true }));
        }
    }

    // The application sees what a full acknowledgement covers.
    private void Acknowledge(Instant now)
    {
        if (_next == _acknowledged && (_confirmed.Contains(_ackNumber) || now - _lastAck < AckTimeout)) return;
        for (; _acknowledged < _next; _acknowledged++)
        {
            Stream.AddRange(_waiting[_acknowledged]);
            _waiting[_acknowledged] = [];
        }

        (_lastAck, _sinceAck) = (now, 0);
        _out.Enqueue(PeerPackets.Write(new AckPacket
        {
            Destination = _peerId,
            Number = new SequenceNumber(++_ackNumber),
            NextExpected = _peerInitial + _next,
            RoundTripMicroseconds = 100_000,
            VarianceMicroseconds = 50_000,
            FreePackets = 8192,
            HasRates = true,
            LinkCapacity = 1000,
        }));
    }

    private void Report(long first, long last)
    {
        var list = new byte[8];
        var length = NakPacket.Append(list, _peerInitial + first, _peerInitial + last);
        _out.Enqueue(PeerPackets.Write(new NakPacket { Destination = _peerId, List = list.AsSpan(0, length) }));
    }

    private byte[] Handshake(RequestType? request = null) => PeerPackets.Write(new HandshakePacket
    {
        Destination = _peerId,
        Version = HandshakePacket.CurrentVersion,
        SocketType = 1,
        InitialSequence = Initial,
        Mss = 1500,
        FlowWindow = 8192,
        Request = request ?? _request,
        SocketId = Id,
        Address = remote,
    });
}
