using System.Diagnostics;
using P2PCopy.Datagrams;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// The receiving half of a connection: puts packets in order, acknowledges, reports losses, measures. Packets are counted in 64 bits
/// from 0; the wire number is the peer's initial one plus the count.
/// </summary>
internal sealed class UdtReceiver
{
    /// <summary>Packets that may wait for the application before their sender need hold back.</summary>
    public const int MuchUnread = 8192;

    private const int LightAckEvery = 64;
    private static readonly TimeSpan GatherTime = TimeSpan.FromMicroseconds(500);

    private readonly SequenceNumber _initial;
    private readonly RttEstimator _rtt;
    private readonly LossReports _losses;
    private readonly StalePacketGuard _guard = new();
    private readonly ArrivalSpeed _arrivalSpeed = new();
    private readonly LinkCapacity _capacity = new();
    private readonly AckHistory _history = new();
    private readonly DeliveryReports? _reports;
    private SequenceNumber _lastAckNumber;
    private long _acknowledged;
    private long _confirmed;
    private long _sinceLastAck;
    private int _advertised;
    private Instant _lastFullAck = Instant.Zero;
    private Instant _lastRates = Instant.Zero;
    private Instant _ackDue = Instant.Never;

    /// <param name="buffer">Where packets go.</param>
    /// <param name="initial">The number of the peer's first packet.</param>
    /// <param name="rtt">The connection's estimate, fed here by ACK2s.</param>
    /// <param name="reports">Whether deliveries are reported exactly, in the place of acknowledgements and loss reports.</param>
    public UdtReceiver(ReceiveBuffer buffer, SequenceNumber initial, RttEstimator rtt, bool reports = false)
    {
        _reports = reports ? new DeliveryReports() : null;
        Buffer = buffer;
        _initial = initial;
        _rtt = rtt;
        _losses = new LossReports(buffer.Capacity, reports: !reports);
        _advertised = buffer.Capacity;
    }

    public ReceiveBuffer Buffer { get; }

    /// <summary>Every packet before this one has arrived.</summary>
    public long NextExpected => Buffer.ReadableEnd;

    /// <summary>Behind the newest packet that has arrived.</summary>
    public long Newest { get; private set; }

    public long PacketsReceived { get; private set; }

    public long PacketsDuplicate { get; private set; }

    public long PacketsLost => _losses.Total;

    /// <summary>Packets missing now.</summary>
    public int Missing => _losses.Count;

    public long PacketsStale => _guard.Refused;

    public long BytesReceived { get; private set; }

    public long AcksSent { get; private set; }

    public long NaksSent { get; private set; }

    /// <summary>Whether a light acknowledgement is due: many packets came within one period.</summary>
    public bool IsLightAckDue => _reports is null && _sinceLastAck >= LightAckEvery && NextExpected > _acknowledged;

    /// <summary>
    /// Whether a reader should be woken: a good piece has gathered, a message is complete, or the period of acknowledgement is over.
    /// One wake a packet would cost more than all that is done with the packet.
    /// </summary>
    public bool IsWorthReading => Buffer.IsReadable
        && (Buffer.ReadablePackets >= LightAckEvery || Buffer.MessageOf(NextExpected - 1).IsLast || AckDue == Instant.Never);

    /// <summary>Whether something arrived that no acknowledgement has covered.</summary>
    public bool OwesAck => _reports is null ? NextExpected > _acknowledged : _reports.Unreported > 0;

    /// <summary>When an acknowledgement or a loss report is due.</summary>
    public Instant NextTimeout => _reports is not null ? _reports.Due
        : IsLightAckDue ? Instant.Zero : Instant.Min(Instant.Min(_ackDue, RepeatDue), _losses.NextReport);

    private Instant AckDue => _reports?.Due ?? _ackDue;

    // An acknowledgement that was lost is repeated when its ACK2 is overdue.
    private Instant RepeatDue => _acknowledged > _confirmed ? _lastFullAck + Longer(_rtt.Timeout, UdtTimes.Syn) : Instant.Never;

    /// <summary>Takes a data packet; false when it is malformed or out of the window.</summary>
    public bool OnData(in DataPacket packet, Instant now)
    {
        if (!Buffer.Fits(packet.Payload.Length)) return false;
        var index = NextExpected + packet.Sequence.OffsetFrom(_initial + NextExpected);
        // PROTOCOL UDT-12.
        if (index >= Buffer.HeldIndex + Buffer.Capacity) return false;
        if (index < NextExpected || (index < Newest && !_losses.IsMissing(index)))
        {
            // Its acknowledgement may have been lost.
            if (index >= 0) PacketsDuplicate++;
            if (_reports is null) RequestAck(now);
            else _reports.OnArrival(packet.Timestamp, now, soon: true);
            return index >= 0;
        }

        if (_reports is null)
        {
            _arrivalSpeed.OnPacket(now);
            _capacity.OnPacket(index, packet.Sequence, now);
        }

        var inOrder = index == Newest;
        if (index >= Newest)
        {
            if (!inOrder) _losses.AddGap(Newest, index - 1, now, _rtt);
            Newest = index + 1;
        }
        else
        {
            _losses.Remove(index);
        }

        Buffer.Store(index, packet.Message, packet.Payload);
        PacketsReceived++;
        _sinceLastAck++;
        Publish(now);
        if (_reports is null) RequestAck(now);
        else _reports.OnArrival(packet.Timestamp, now, soon: !inOrder || packet.Message.IsLast);
        return true;
    }

    /// <summary>A keep-alive arrived: a peer that reads delivery reports asks whether it may go on.</summary>
    public void OnKeepAlive(Instant now)
    {
        if (Newest > 0) _reports?.Request(now);
    }

    /// <summary>The application freed room: a peer that was told of a full buffer must hear of it.</summary>
    public void OnConsumed(Instant now)
    {
        // PROTOCOL UDT-26.
        var (told, unread) = (Buffer.Capacity - _advertised, Buffer.Capacity - FreePackets);
        var wasFull = _advertised <= Buffer.Capacity / 4 && FreePackets >= Buffer.Capacity / 2;
        if (_reports is not null && (wasFull || (told >= MuchUnread && unread <= told / 2))) _reports.Request(now);
        else if (_reports is null && wasFull) _ackDue = now;
    }

    /// <summary>What has arrived is acknowledged before anything else leaves.</summary>
    public void AcknowledgeNow()
    {
        if (_reports is null && OwesAck) _ackDue = Instant.Zero;
    }

    /// <summary>Takes an ACK2.</summary>
    public void OnAck2(SequenceNumber number, Instant now)
    {
        if (!_history.TryConfirm(number, now, out var confirmed, out var roundTrip)) return;
        _confirmed = Math.Max(_confirmed, confirmed);
        _rtt.Sample(roundTrip);
    }

    /// <summary>Writes the acknowledgement that is due, if one is.</summary>
    public bool TryWriteAck(Span<byte> buffer, uint destination, int most, Instant now, out int length)
    {
        length = 0;
        if (_reports is not null && _reports.Due > now) return false;
        if (_reports is not null || _ackDue <= now || RepeatDue <= now)
        {
            length = WriteFullAck(buffer, destination, most, now);
            return true;
        }

        if (!IsLightAckDue) return false;
        _sinceLastAck = 0;
        AcksSent++;
        length = new AckPacket { Destination = destination, IsLight = true, NextExpected = _initial + NextExpected }.Write(buffer);
        return true;
    }

    /// <summary>Writes the loss report that is due, if one is.</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="destination">The peer's socket id.</param>
    /// <param name="most">The longest packet that may leave, bytes.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">Bytes written.</param>
    public bool TryWriteNak(Span<byte> buffer, uint destination, int most, Instant now, out int length)
    {
        length = 0;
        if (_reports is not null || _losses.NextReport > now) return false;
        Span<byte> list = stackalloc byte[Math.Min(most, 1472) - PacketHeader.Length];
        var listed = _losses.Write(list, _initial, now, _rtt);
        if (listed == 0) return false;
        NaksSent++;
        length = new NakPacket { Destination = destination, List = list[..listed] }.Write(buffer);
        return true;
    }

    /// <summary>Packets there is room for behind <see cref="NextExpected"/>.</summary>
    public int FreePackets => (int)(Buffer.HeldIndex + Buffer.Capacity - NextExpected);

    private void Publish(Instant now)
    {
        while (NextExpected < Newest && !_losses.IsMissing(NextExpected))
        {
            var refusedBefore = _guard.IsRefusing;

            // Who reports deliveries is none of the peers that send old contents.
            if (_reports is null && !_guard.Accept(Buffer.MessageOf(NextExpected), now))
            {
                // Asked for at once the first time, then at the pace of repeated reports: its sender needs time, not questions.
                if (refusedBefore) _losses.AddAgain(NextExpected, now, _rtt);
                else _losses.AddGap(NextExpected, NextExpected, now, _rtt);
                return;
            }

            BytesReceived += Buffer.Publish();
        }

        Debug.Assert(NextExpected <= Newest && Newest - NextExpected <= Buffer.Capacity, "what waits is within the window");
    }

    // PROTOCOL UDT-14. One acknowledgement a period; after a pause a moment is waited for the rest of the burst.
    private void RequestAck(Instant now)
    {
        if (_ackDue == Instant.Never) _ackDue = Instant.Max(_lastFullAck + UdtTimes.Syn, now + GatherTime);
    }

    /// <summary>Writes an acknowledgement of all that has arrived in order.</summary>
    public int WriteFullAck(Span<byte> buffer, uint destination, int most, Instant now)
    {
        _ackDue = Instant.Never;
        _sinceLastAck = 0;
        _lastFullAck = now;
        _acknowledged = NextExpected;
        _lastAckNumber = _lastAckNumber.Next;
        _history.Sent(_lastAckNumber, NextExpected, now);
        _advertised = FreePackets;
        if (_reports is not null)
        {
            AcksSent++;
            return _reports.Write(buffer, most, now, this, _losses, _initial, destination);
        }

        var withRates = now - _lastRates >= UdtTimes.Syn;
        if (withRates) _lastRates = now;
        AcksSent++;
        return new AckPacket
        {
            Destination = destination,
            Number = _lastAckNumber,
            NextExpected = _initial + NextExpected,
            RoundTripMicroseconds = (uint)_rtt.RoundTrip.TotalMicroseconds,
            VarianceMicroseconds = (uint)_rtt.Variance.TotalMicroseconds,
            FreePackets = (uint)Math.Max(FreePackets, 2),
            HasRates = withRates,
            ArrivalSpeed = withRates ? _arrivalSpeed.PacketsPerSecond() : 0,
            LinkCapacity = withRates ? _capacity.PacketsPerSecond() : 0,
        }.Write(buffer);
    }

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
