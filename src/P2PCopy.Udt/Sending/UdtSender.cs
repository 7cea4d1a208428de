using System.Diagnostics;
using P2PCopy.Datagrams;
using P2PCopy.Udt.Congestion;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// The sending half of a connection: chooses the next packet (lost ones first), keeps it within the windows and the pace, and takes
/// acknowledgements and loss reports. Packets are counted in 64 bits from 0; the wire number is the initial one plus the count.
/// </summary>
internal sealed class UdtSender : ISender
{
    // Receivers measure the link by the gap between a packet whose number is divisible by 16 and its successor.
    private const uint PairEvery = 16;

    private readonly SequenceNumber _initial;
    private readonly ICongestionControl _congestion;
    private readonly RttEstimator _rtt;
    private readonly IndexSet _lost;
    private readonly Instant[] _resentAt;
    private readonly DeliveryRate _delivery = new();
    private readonly Pacer _pacer = new();
    private readonly SendProbe _probe = new();
    private long _windowEnd;
    private long _handedOver;

    /// <param name="buffer">What is to be sent.</param>
    /// <param name="initial">The number of the first packet.</param>
    /// <param name="congestion">The pace and the window.</param>
    /// <param name="rtt">The connection's estimate, fed here by the peer's acknowledgements.</param>
    /// <param name="flowWindow">Packets the peer has room for, from its handshake.</param>
    public UdtSender(SendBuffer buffer, SequenceNumber initial, ICongestionControl congestion, RttEstimator rtt, int flowWindow)
    {
        Buffer = buffer;
        _initial = initial;
        _congestion = congestion;
        _rtt = rtt;
        _lost = new IndexSet(buffer.Capacity);
        _resentAt = new Instant[buffer.Capacity];
        _windowEnd = flowWindow;
    }

    public SendBuffer Buffer { get; }

    /// <summary>The first packet that has never been sent.</summary>
    public long NextNew => Buffer.NextNew;

    public long PacketsSent { get; private set; }

    public long PacketsResent { get; private set; }

    /// <summary>New packets the peer has room for.</summary>
    public long FlowWindow => Math.Max(_windowEnd - NextNew, 0);

    public long InFlight => NextNew - Buffer.Head;

    /// <summary>Whether everything written has been acknowledged.</summary>
    public bool IsDrained => Buffer.Head == Buffer.Tail;

    /// <summary>
    /// PROTOCOL UDT-21. The reference library answers with a light acknowledgement before it hands the packets to its application, and a
    /// shutdown that comes in between takes them away.
    /// </summary>
    public bool MayShutDown => _handedOver == Buffer.Tail;

    /// <summary>When <see cref="TryTakeNext"/> will have something, or a probe is due.</summary>
    public Instant NextTimeout
    {
        get
        {
            var next = HasSendable ? _pacer.NextSend : Instant.Never;
            return InFlight > 0 ? Instant.Min(next, _probe.NextTimeout(_rtt)) : next;
        }
    }

    private bool HasSendable => _lost.Count > 0 || (NextNew < Buffer.Tail && NextNew < _windowEnd && InFlight < _congestion.Window);

    /// <summary>The wire number of a packet.</summary>
    public SequenceNumber NumberOf(long index) => _initial + index;

    /// <summary>Chooses the packet that leaves now: a lost one first, else a new one within the windows.</summary>
    public bool TryTakeNext(Instant now, out long index)
    {
        index = 0;
        if (!HasSendable || !_pacer.MaySend(now, _congestion.IntervalMicroseconds)) return false;
        // PROTOCOL UDT-11.
        var isNew = !_lost.TryFirst(out index);
        if (!isNew)
        {
            _lost.Remove(index);
            Resent(index, now);
        }
        else
        {
            index = Buffer.TakeNew();
            _resentAt[index % _resentAt.Length] = Instant.Zero;
            Debug.Assert(InFlight <= _congestion.Window && NextNew <= _windowEnd, "in flight is within the windows");
        }

        PacketsSent++;
        _pacer.Sent(now, _congestion.IntervalMicroseconds, pairFollows: isNew && NumberOf(index).Value % PairEvery == 0);
        _probe.Sent(now);
        return true;
    }

    /// <summary>What a silent peer is asked, when a probe is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="index">The newest packet in flight, to be sent once more: it makes a receiver notice and report all that is missing.</param>
    public SendProbeAction TakeProbe(Instant now, out long index)
    {
        index = NextNew - 1;
        var action = InFlight > 0 ? _probe.Take(now, _rtt) : SendProbeAction.None;
        if (action != SendProbeAction.ResendNewest) return action;
        _lost.Remove(index);
        Resent(index, now);
        PacketsSent++;
        return action;
    }

    /// <summary>Takes an acknowledgement; false when it names packets that were never sent.</summary>
    public bool OnAck(in AckPacket ack, Instant now)
    {
        var next = Buffer.Head + ack.NextExpected.OffsetFrom(NumberOf(Buffer.Head));
        // PROTOCOL UDT-18.
        if (next > NextNew) return false;
        if (next < Buffer.Head) return true;
        var progressed = next > Buffer.Head;
        if (progressed)
        {
            Buffer.ReleaseBefore(next);
            _lost.RemoveBefore(next);
            _probe.Progressed(now);
        }

        // A light acknowledgement does not say how much room there is, so the window's end stays where it was.
        if (ack.IsLight) return true;
        _handedOver = next;
        _windowEnd = next + Math.Clamp(ack.FreePackets, 2u, (uint)Buffer.Capacity);
        if (!progressed) return true;
        _rtt.Adopt(ack.RoundTripMicroseconds, ack.VarianceMicroseconds);
        _delivery.Add(now, next, _rtt.RoundTrip);
        _congestion.OnAcknowledged(new AckSample(
            now, next, _rtt.RoundTrip, ack.ArrivalSpeed, ack.LinkCapacity, _delivery.PacketsPerSecond));
        return true;
    }

    /// <summary>Takes a loss report; false, and nothing done, when any entry is reversed or names packets that were never sent.</summary>
    public bool OnNak(in NakPacket nak, Instant now)
    {
        var firstLost = long.MaxValue;
        for (var list = nak.List; NakPacket.TryTake(ref list, out var from, out var to);)
        {
            var first = Buffer.Head + from.OffsetFrom(NumberOf(Buffer.Head));
            var last = Buffer.Head + to.OffsetFrom(NumberOf(Buffer.Head));
            if (first > last || last >= NextNew) return false;
            if (last >= Buffer.Head) firstLost = Math.Min(firstLost, Math.Max(first, Buffer.Head));
        }

        if (firstLost == long.MaxValue) return true;
        _congestion.OnLoss(new LossSample(now, firstLost, NextNew - 1, _rtt.RoundTrip, _delivery.PacketsPerSecond));

        // A report cannot rightly name more than is in flight; one that names all of it in each entry would cost us dearly.
        var left = InFlight;
        for (var list = nak.List; NakPacket.TryTake(ref list, out var from, out var to);)
        {
            var first = Math.Max(Buffer.Head + from.OffsetFrom(NumberOf(Buffer.Head)), Buffer.Head);
            var last = Buffer.Head + to.OffsetFrom(NumberOf(Buffer.Head));
            for (var index = first; index <= last && left > 0; index++, left--) MarkLost(index, now);
        }

        return true;
    }

    /// <summary>Who acknowledges does not report deliveries.</summary>
    public bool OnReport(in DeliveryReportPacket report, uint timestamp, Instant now) => false;

    /// <summary>Nothing was heard for an expiration interval: all that is in flight counts as lost.</summary>
    public void OnExpiration(Instant now)
    {
        _congestion.OnExpiration(now);
        if (_lost.Count == 0) _lost.AddRange(Buffer.Head, NextNew - 1);
        _pacer.Reset();
    }

    /// <summary>The peer asks to slow down.</summary>
    public void OnCongestionWarning(Instant now) => _congestion.OnCongestionWarning(now);

    /// <summary>The pace and the window that congestion control asks for.</summary>
    public (double IntervalMicroseconds, int Window) Pace => (_congestion.IntervalMicroseconds, _congestion.Window);

    private void MarkLost(long index, Instant now)
    {
        // A report that left the peer before our last resend could arrive says nothing new.
        var resent = _resentAt[index % _resentAt.Length];
        if (resent != Instant.Zero && now - resent < _rtt.RoundTrip) return;
        _lost.Add(index);
    }

    private void Resent(long index, Instant now)
    {
        _resentAt[index % _resentAt.Length] = now;
        PacketsResent++;
    }
}
