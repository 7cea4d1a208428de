using System.Diagnostics;
using P2PCopy.Datagrams;
using P2PCopy.Udt.Congestion;
using P2PCopy.Udt.Handshake;
using P2PCopy.Udt.Receiving;
using P2PCopy.Udt.Sending;

namespace P2PCopy.Udt;

/// <summary>
/// One UDT connection as a pure machine. It is made by a <see cref="UdtEndpoint"/>, which brings its datagrams and carries its answers.
/// The application reads, writes and closes through it; nothing here blocks.
/// </summary>
/// <remarks>
/// This part is what the application sees. <c>Input</c> takes packets, <c>Output</c> writes them, <c>Timers</c> lets time pass.
/// </remarks>
public sealed partial class UdtConnection
{
    private readonly UdtOptions _options;
    private readonly LocalParameters _local;
    private readonly IHandshake? _handshake;
    private readonly RttEstimator _rtt = new();
    private readonly TimerTable<Timer> _timers = new();
    private readonly Instant _start;
    private PeerParameters _peer;
    private ISender? _sender;
    private UdtReceiver? _receiver;
    private Instant _lastHeard;

    private UdtConnection(UdtOptions options, LocalParameters local, UdpEndpoint remote, IHandshake? handshake, Instant now)
    {
        _options = options;
        _local = local;
        _handshake = handshake;
        _start = now;
        _lastHeard = now;
        Remote = remote;
    }

    /// <summary>
    /// The peer's address and port. The port of a rendezvous can still change until it is met: a symmetric NAT shows us another one
    /// than it showed the STUN server.
    /// </summary>
    public UdpEndpoint Remote { get; private set; }

    /// <summary>Where the connection stands.</summary>
    public UdtState State { get; private set; }

    /// <summary>Why it ended; <see cref="CloseReason.None"/> while it has not.</summary>
    public CloseReason CloseReason { get; private set; }

    /// <summary>When a packet of the peer was last heard; the time of creation before the first.</summary>
    public Instant LastHeard => _lastHeard;

    /// <summary>Whether bytes can be read now.</summary>
    public bool IsReadable => _receiver?.Buffer.IsReadable ?? false;

    /// <summary>Whether everything written has been acknowledged by the peer's UDT.</summary>
    public bool IsDrained => _sender?.IsDrained ?? true;

    /// <summary>Whether a waiting reader should be woken.</summary>
    internal bool IsWorthReading => _receiver?.IsWorthReading ?? false;

    /// <summary>Whether a waiting writer should be woken.</summary>
    internal bool IsWorthWriting => _sender?.Buffer.IsWorthWriting ?? false;

    internal uint SocketId => _local.SocketId;

    internal bool IsRendezvous => _handshake is RendezvousHandshake;

    /// <summary>Whether it is over and the peer has been told.</summary>
    internal bool IsSettled => State == UdtState.Closed && _shutdowns == 0;

    internal ISender? Sender => _sender;

    internal UdtReceiver? Receiver => _receiver;

    /// <summary>
    /// The readable bytes that lie in one piece, in the receive buffer itself; empty when there are none. What of them is read is taken by
    /// <see cref="TakeRead"/> and given back by <see cref="ReleaseRead"/>, or both at once by <see cref="AdvanceRead"/>.
    /// </summary>
    public ReadOnlyMemory<byte> LendReadable() => _receiver?.Buffer.Lend() ?? default;

    /// <summary>Gives back the first <paramref name="count"/> bytes of what <see cref="LendReadable"/> lent.</summary>
    public void AdvanceRead(int count, Instant now)
    {
        TakeRead(count);
        ReleaseRead(count, now);
    }

    /// <summary>Keeps the first <paramref name="count"/> bytes of what <see cref="LendReadable"/> lent; it lends what is behind them next.</summary>
    public void TakeRead(int count) => _receiver?.Buffer.Take(count);

    /// <summary>
    /// Gives back the oldest <paramref name="count"/> bytes that were taken: their memory is used again, and the peer has so much more room.
    /// </summary>
    public void ReleaseRead(int count, Instant now)
    {
        if (_receiver is null) return;
        _receiver.Buffer.Release(count);
        _receiver.OnConsumed(now);
    }

    /// <summary>
    /// Free memory of the send buffer in one piece; empty when it is full or the connection cannot send. Valid until
    /// <see cref="CommitWritten"/>.
    /// </summary>
    public Memory<byte> LendWritable() => State == UdtState.Connected ? _sender!.Buffer.Lend() : default;

    /// <summary>
    /// Sends the first <paramref name="count"/> bytes of what <see cref="LendWritable"/> lent, as one message of the stream: it begins
    /// with a packet of its own.
    /// </summary>
    public void CommitWritten(int count)
    {
        if (State != UdtState.Connected || count == 0) return;
        _sender!.Buffer.Commit(count);

        // An answer must not overtake the acknowledgement of what it answers: the original's sender frees its buffer by the latter,
        // writes on at the former, and spoils its stream when the buffer has to grow in between.
        _receiver!.AcknowledgeNow();
    }

    /// <summary>Copies out what can be read; 0 when nothing can.</summary>
    public int Read(Span<byte> destination, Instant now)
    {
        var total = 0;
        while (total < destination.Length && LendReadable() is { IsEmpty: false } readable)
        {
            var count = Math.Min(readable.Length, destination.Length - total);
            readable.Span[..count].CopyTo(destination[total..]);
            AdvanceRead(count, now);
            total += count;
        }

        return total;
    }

    /// <summary>Copies in what the send buffer has room for; returns the bytes taken, 0 when it is full or the connection cannot send.</summary>
    public int Write(ReadOnlySpan<byte> source)
    {
        var total = 0;
        while (total < source.Length && LendWritable() is { IsEmpty: false } room)
        {
            var count = Math.Min(room.Length, source.Length - total);
            source.Slice(total, count).CopyTo(room.Span);
            CommitWritten(count);
            total += count;
        }

        return total;
    }

    /// <summary>
    /// Closes: no more writes; what was written is delivered for at most <paramref name="linger"/> (180 s when null), then the peer is
    /// told. What has arrived can still be read.
    /// </summary>
    public void Close(Instant now, TimeSpan? linger = null)
    {
        if (State == UdtState.Connecting) End(CloseReason.Aborted, now);
        if (State != UdtState.Connected) return;
        State = UdtState.Lingering;
        _timers[Timer.Linger] = now + (linger ?? UdtTimes.Linger);
        FinishLinger(now);
    }

    /// <summary>Ends at once: what was not delivered is lost, and the peer is told.</summary>
    public void Abort(Instant now)
    {
        if (State != UdtState.Closed) End(CloseReason.Aborted, now);
    }

    /// <summary>What the connection has done so far.</summary>
    public UdtStatistics Statistics => new()
    {
        PacketsSent = _sender?.PacketsSent ?? 0,
        PacketsResent = _sender?.PacketsResent ?? 0,
        BytesWritten = _sender?.Buffer.BytesWritten ?? 0,
        BytesAcknowledged = _sender?.Buffer.BytesAcknowledged ?? 0,
        PacketsInFlight = _sender?.InFlight ?? 0,
        FlowWindow = _sender?.FlowWindow ?? 0,
        CongestionWindow = _sender?.Pace.Window ?? 0,
        SendInterval = TimeSpan.FromMicroseconds(_sender?.Pace.IntervalMicroseconds ?? 0),
        PacketsReceived = _receiver?.PacketsReceived ?? 0,
        PacketsDuplicate = _receiver?.PacketsDuplicate ?? 0,
        PacketsLost = _receiver?.PacketsLost ?? 0,
        PacketsStale = _receiver?.PacketsStale ?? 0,
        BytesReceived = _receiver?.BytesReceived ?? 0,
        AcksSent = _receiver?.AcksSent ?? 0,
        NaksSent = _receiver?.NaksSent ?? 0,
        AcksReceived = _acksReceived,
        NaksReceived = _naksReceived,
        Expirations = _expirations,
        PacketsInvalid = _invalid,
        RoundTripTime = _rtt.RoundTrip,
    };

    /// <summary>The caller's or the rendezvous' side, from its first handshake on.</summary>
    internal static UdtConnection Begin(
        UdtOptions options, LocalParameters local, UdpEndpoint remote, IHandshake handshake, TimeSpan timeout, Instant now)
    {
        var connection = new UdtConnection(options, local, remote, handshake, now);
        connection._timers[Timer.ConnectDeadline] = now + timeout;
        return connection;
    }

    /// <summary>The listener's side: the client has shown its cookie, so the connection is made.</summary>
    internal static UdtConnection Accept(
        UdtOptions options, LocalParameters local, UdpEndpoint remote, PeerParameters peer, uint cookie, Instant now)
    {
        var connection = new UdtConnection(options, local, remote, null, now) { _cookie = cookie, _responseDue = true };
        connection.Establish(peer, now);
        return connection;
    }

    /// <summary>Whether a handshake from another port of the peer's address may be its first sign.</summary>
    internal bool MayAdopt(UdpEndpoint remote) => IsRendezvous && State == UdtState.Connecting && Remote.SameAddress(remote);

    /// <summary>Goes on with the port that the peer really sends from.</summary>
    internal void Adopt(UdpEndpoint remote) => Remote = remote;

    /// <summary>Whether this is the connection that the client's conclusion asks for once more.</summary>
    internal bool Answers(UdpEndpoint remote, uint peerSocketId, SequenceNumber initial) =>
        _handshake is null && Remote == remote && _peer.SocketId == peerSocketId && _peer.InitialSequence == initial;

    private void Establish(PeerParameters peer, Instant now)
    {
        Debug.Assert(State == UdtState.Connecting, "a connection is made once");
        _peer = peer;
        State = UdtState.Connected;
        var mss = Math.Min(peer.Mss, _local.Mss);
        var sendBuffer = new SendBuffer(_options.SendBufferPackets, mss - UdtOptions.HeaderBytes, _options.Memory);
        var initial = _local.InitialSequence;

        // PROTOCOL UDT-24.
        var reports = _local.AgreesOnReports(peer);
        var congestion = _options.CongestionControl?.Invoke()
            ?? (reports ? new BbrControl(initial.Value) : new UdtNativeControl((int)initial.Value));
        if (_options.MostBytesPerSecond > 0) congestion = new LimitedControl(congestion, _options.MostBytesPerSecond, mss - UdtOptions.HeaderBytes);
        congestion.Start(Math.Min(peer.FlowWindow, sendBuffer.Capacity), mss);
        _sender = reports ? new ReportedSender(sendBuffer, initial, congestion, _rtt, peer.FlowWindow)
            : new UdtSender(sendBuffer, initial, congestion, _rtt, peer.FlowWindow);
        var receiveBuffer = new ReceiveBuffer(_local.FlowWindow, _local.Mss - UdtOptions.HeaderBytes, _options.Memory);
        _receiver = new UdtReceiver(receiveBuffer, peer.InitialSequence, _rtt, reports);
        _timers.Stop(Timer.ConnectDeadline);
        _keepAliveDue = true;
        if (!reports) _timers[Timer.FirstDataHold] = now + UdtTimes.FirstDataHold;

        // PROTOCOL RDV-5: what connected one of ours is answered at once.
        if (IsRendezvous) _timers[Timer.ConclusionRepeat] = reports ? now : now + UdtTimes.HandshakeRepeat;
        Heard(now);
    }

    private void End(CloseReason reason, Instant now)
    {
        // Who never was connected, or lost its peer, has nobody to tell.
        var tell = State is UdtState.Connected or UdtState.Lingering
            && reason is CloseReason.ClosedLocally or CloseReason.LingerExpired or CloseReason.Aborted;
        State = UdtState.Closed;
        CloseReason = reason;
        _timers.StopAll();
        _timers[Timer.Forget] = now + UdtTimes.ClosedMemory;
        if (!tell) return;
        _finalAckDue = _receiver!.OwesAck;
        _shutdowns = ShutdownCopies;
        _timers[Timer.Shutdown] = now;
    }

    private void FinishLinger(Instant now)
    {
        if (State == UdtState.Lingering && _sender!.MayShutDown) End(CloseReason.ClosedLocally, now);
    }
}
