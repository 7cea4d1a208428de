using System.Diagnostics;
using P2PCopy.Datagrams;
using P2PCopy.Udt.Congestion;
using P2PCopy.Udt.Receiving;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// The sending half towards a peer that reports deliveries: it knows of each packet whether it is delivered, under way or lost, and
/// keeps those under way within the congestion window.
/// </summary>
internal sealed class ReportedSender : ISender
{
    private static readonly TimeSpan MinRttMemory = TimeSpan.FromSeconds(20);

    private readonly SequenceNumber _initial;
    private readonly ICongestionControl _congestion;
    private readonly RttEstimator _rtt;
    private readonly Flight _flight;
    private readonly IndexSet _undelivered;
    private readonly IndexSet _lost;
    private readonly LossDetector _detector;
    private readonly DeliveryRateSampler _sampler = new();
    private readonly PeerTime _peerTime = new();
    private readonly WindowedMin _leastRoundTrip = new(MinRttMemory);
    private readonly Pacer _pacer = new();
    private readonly TailProbe _probe = new();
    private readonly int _peerWindow;
    private long _windowEnd;
    private long _unread;
    private int _newlyDelivered;
    private int _newlyLost;
    private int _lostInFlight;

    /// <param name="buffer">What is to be sent.</param>
    /// <param name="initial">The number of the first packet.</param>
    /// <param name="congestion">The pace and the window.</param>
    /// <param name="rtt">The connection's estimate, fed here.</param>
    /// <param name="flowWindow">Packets the peer has room for, from its handshake.</param>
    public ReportedSender(SendBuffer buffer, SequenceNumber initial, ICongestionControl congestion, RttEstimator rtt, int flowWindow)
    {
        Buffer = buffer;
        _initial = initial;
        _congestion = congestion;
        _rtt = rtt;
        _flight = new Flight(buffer.Capacity);
        _undelivered = new IndexSet(buffer.Capacity);
        _lost = new IndexSet(buffer.Capacity);
        _detector = new LossDetector(_flight);
        _peerWindow = flowWindow;
        _windowEnd = flowWindow;
    }

    public SendBuffer Buffer { get; }

    public long NextNew => Buffer.NextNew;

    public long PacketsSent { get; private set; }

    public long PacketsResent { get; private set; }

    public long FlowWindow => Math.Max(_windowEnd - NextNew, 0);

    public long InFlight => _flight.Count;

    public bool IsDrained => Buffer.Head == Buffer.Tail;

    public bool MayShutDown => IsDrained;

    public (double IntervalMicroseconds, int Window) Pace => (_congestion.IntervalMicroseconds, _congestion.Window);

    public Instant NextTimeout
    {
        get
        {
            var next = HasSendable && _flight.Count < _congestion.Window ? _pacer.NextSend : Instant.Never;
            return Instant.Min(Instant.Min(next, _detector.Due), ProbeDue);
        }
    }

    private bool HasNew => NextNew < Buffer.Tail && NextNew < _windowEnd && !IsReaderBehind;

    // PROTOCOL UDT-28. What its application does not read fills the peer's memory; a round trip of it is enough to keep it busy.
    private bool IsReaderBehind => _unread > Math.Max(UdtReceiver.MuchUnread, _congestion.Window);

    private bool HasSendable => _lost.Count > 0 || HasNew;

    // Nothing is under way, and the peer has to say when there is room for what is left.
    private bool IsShutOut => _flight.Count == 0 && _lost.Count == 0 && NextNew < Buffer.Tail && !HasNew;

    private Instant ProbeDue => _flight.Count > 0 || IsShutOut ? _probe.Due(_rtt) : Instant.Never;

    private TimeSpan LeastRoundTrip => _leastRoundTrip.Value == long.MaxValue ? TimeSpan.Zero : TimeSpan.FromTicks(_leastRoundTrip.Value);

    private TimeSpan ReorderWindow => _detector.Window(LeastRoundTrip, _rtt.RoundTrip);

    public SequenceNumber NumberOf(long index) => _initial + index;

    public bool TryTakeNext(Instant now, out long index)
    {
        index = 0;
        if (_detector.Due <= now) FindLost(now);
        if (!HasSendable)
        {
            // Who waits for room at the peer or in the buffer is held back by the path.
            if (NextNew == Buffer.Tail && Buffer.Tail - Buffer.Head < Buffer.Capacity && _flight.Count < _congestion.Window) _sampler.OnApplicationLimited(_flight.Count);
            return false;
        }

        if (_flight.Count >= _congestion.Window || !_pacer.MaySend(now, _congestion.IntervalMicroseconds)) return false;
        if (!_lost.TryFirst(out index)) index = NextNew;
        Send(index, now);
        _pacer.Sent(now, _congestion.IntervalMicroseconds, pairFollows: false);
        return true;
    }

    public SendProbeAction TakeProbe(Instant now, out long index)
    {
        index = 0;
        if (ProbeDue > now) return SendProbeAction.None;
        _probe.Taken(now);
        if (IsShutOut) return SendProbeAction.Poke;
        if (_probe.IsHopeless)
        {
            while (_flight.TryOldest(out var oldest)) Lose(oldest);
            _congestion.OnExpiration(now);
        }

        if (HasNew) index = NextNew;
        else _undelivered.TryPreviousRange(long.MaxValue, out _, out index);
        Send(index, now);
        return SendProbeAction.ResendNewest;
    }

    public bool OnReport(in DeliveryReportPacket report, uint timestamp, Instant now)
    {
        var head = Buffer.Head;
        var next = head + report.NextExpected.OffsetFrom(NumberOf(head));
        var highest = head + report.Highest.OffsetFrom(NumberOf(head));

        // PROTOCOL UDT-25.
        if (next > NextNew || highest >= NextNew || highest < next - 1 || !Fits(report.Runs, highest - next + 1)) return false;
        _newlyDelivered = 0;
        Deliver(head, next - 1, now);
        var at = highest;
        for (var runs = report.Runs; DeliveryReportPacket.TryTake(ref runs, out var arrived, out var missing); at -= arrived + missing)
            Deliver(at - arrived + 1, at, now);

        if (next > head)
        {
            Buffer.ReleaseBefore(next);
            _flight.MoveHead(head, next);
        }

        _windowEnd = Math.Max(_windowEnd, next + Math.Min(report.FreePackets, (uint)Buffer.Capacity));
        _unread = _peerWindow - (long)report.FreePackets;
        if (_newlyDelivered == 0) return true;
        _probe.Progressed(now);
        var roundTrip = Measure(report, timestamp, now);
        var arrival = _peerTime.Arrival(report.Arrival);
        var queueDelay = _peerTime.QueueDelay(report.EchoedTimestamp, report.Arrival, now);
        FindLost(now);
        if (!_sampler.TryTake(arrival, now, LeastRoundTrip * 0.9, out var sampled, out var rate)) return true;
        _congestion.OnDelivered(new DeliverySample
        {
            Now = now,
            Arrival = arrival,
            Delivered = _sampler.Delivered,
            NewlyDelivered = _newlyDelivered,
            NewlyLost = _newlyLost,
            InFlight = _flight.Count,
            PriorDelivered = sampled.Delivered,
            SentAt = sampled.SentAt,
            SentInFlight = sampled.InFlight,
            LostSince = Math.Max((int)((uint)_sampler.Lost - sampled.Lost), 0),
            LostInFlight = _lostInFlight,
            Rate = rate,
            IsApplicationLimited = sampled.IsApplicationLimited,
            RoundTrip = roundTrip,
            QueueDelay = queueDelay,
        });
        _newlyLost = 0;
        return true;
    }

    /// <summary>Who reports deliveries does not acknowledge.</summary>
    public bool OnAck(in AckPacket ack, Instant now) => false;

    /// <summary>Who reports deliveries does not report losses.</summary>
    public bool OnNak(in NakPacket nak, Instant now) => false;

    /// <summary>The probes have said all there is to say long before.</summary>
    public void OnExpiration(Instant now) => _pacer.Reset();

    public void OnCongestionWarning(Instant now) => _congestion.OnCongestionWarning(now);

    private static bool Fits(ReadOnlySpan<byte> runs, long span)
    {
        while (DeliveryReportPacket.TryTake(ref runs, out var arrived, out var missing)) span -= arrived + missing;
        return span >= 0;
    }

    private void Send(long index, Instant now)
    {
        if (index == NextNew)
        {
            Buffer.TakeNew();
            _undelivered.Add(index);
            _sampler.OnSent(ref _flight.SendNew(index, now), now, _flight.Count);
        }
        else
        {
            _lost.Remove(index);
            PacketsResent++;
            _sampler.OnSent(ref _flight.Send(index, now), now, _flight.Count);
        }

        Debug.Assert(NextNew <= _windowEnd && NextNew <= Buffer.Tail, "what is sent is within the flow window");
        PacketsSent++;
        _probe.Sent(now);
    }

    private void Deliver(long first, long last, Instant now)
    {
        for (; _undelivered.TryNext(first, out var index) && index <= last; first = index + 1)
        {
            _undelivered.Remove(index);
            ref var packet = ref _flight[index];
            _detector.OnDelivered(packet, now, LeastRoundTrip, ReorderWindow);
            if (packet.IsUnderWay) _flight.Remove(ref packet);
            else if (_lost.Remove(index)) _sampler.OnFound();
            _sampler.OnDelivered(packet);
            _newlyDelivered++;
        }
    }

    private TimeSpan Measure(in DeliveryReportPacket report, uint timestamp, Instant now)
    {
        var roundTrip = TimeSpan.FromMicroseconds((int)(timestamp - report.EchoedTimestamp - report.DelayMicroseconds));
        if (roundTrip <= TimeSpan.Zero) return TimeSpan.Zero;
        _rtt.Sample(roundTrip);
        _leastRoundTrip.Add(now, roundTrip.Ticks);
        return roundTrip;
    }

    private void FindLost(Instant now)
    {
        var window = ReorderWindow;
        while (_detector.TryTake(now, window, out var index)) Lose(index);
    }

    private void Lose(long index)
    {
        ref var packet = ref _flight[index];
        if (_newlyLost == 0) _lostInFlight = packet.InFlight;
        _flight.Remove(ref packet);
        _lost.Add(index);
        _sampler.OnLost();
        _newlyLost++;
    }
}
