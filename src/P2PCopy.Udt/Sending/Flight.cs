using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Sending;

/// <summary>What is remembered of a packet from its sending to its delivery: 64 bytes, since a wide window has very many.</summary>
internal struct SentPacket
{
    public long Index;

    /// <summary>The serial number of its last transmission: tells which of two left first even at one instant.</summary>
    public long Order;

    public Instant SentAt;

    // What the delivery rate sampler knew when it was sent.
    public long Delivered;
    public Instant DeliveredAt;

    /// <summary>Between the first sending of its flight and its own, microseconds.</summary>
    public uint SendingMicroseconds;

    /// <summary>The low bits of a count.</summary>
    public uint Lost;
    public int InFlight;

    internal int Next;
    internal int Previous;

    /// <summary>Times sent; more than can be counted are as many as can.</summary>
    public ushort Transmissions;

    /// <summary>Whether it counts as under way: neither delivered nor found lost.</summary>
    public bool IsUnderWay;

    public bool IsApplicationLimited;
}

/// <summary>
/// The packets that are not delivered yet: a ring by number, with a list through it of those under way, in the order of their last
/// transmissions (RFC 8985 §6.2 wants that order).
/// </summary>
internal sealed class Flight
{
    private const int None = -1;
    private readonly PieceRing<SentPacket> _packets;
    private int _first = None;
    private int _last = None;
    private long _order;

    /// <param name="capacity">The most packets between the oldest and the newest.</param>
    public Flight(int capacity) => _packets = new PieceRing<SentPacket>(capacity, 1);

    /// <summary>Packets under way.</summary>
    public int Count { get; private set; }

    public ref SentPacket this[long index] => ref _packets.At(index);

    /// <summary>A packet that was never sent leaves.</summary>
    public ref SentPacket SendNew(long index, Instant now)
    {
        this[index] = new SentPacket { Index = index };
        return ref Send(index, now);
    }

    /// <summary>A packet leaves, once more if need be.</summary>
    public ref SentPacket Send(long index, Instant now)
    {
        ref var packet = ref this[index];
        if (packet.IsUnderWay) Remove(ref packet);
        packet.Order = _order++;
        packet.SentAt = now;
        if (packet.Transmissions < ushort.MaxValue) packet.Transmissions++;
        packet.IsUnderWay = true;
        packet.Next = None;
        packet.Previous = _last;
        var position = _packets.PositionOf(index);
        if (_last == None) _first = position;
        else _packets.At(_last).Next = position;
        _last = position;
        Count++;
        return ref packet;
    }

    /// <summary>A packet is under way no more.</summary>
    public void Remove(ref SentPacket packet)
    {
        if (packet.Previous == None) _first = packet.Next;
        else _packets.At(packet.Previous).Next = packet.Next;
        if (packet.Next == None) _last = packet.Previous;
        else _packets.At(packet.Next).Previous = packet.Previous;
        packet.IsUnderWay = false;
        Count--;
    }

    /// <summary>The packet under way whose last transmission is the longest ago.</summary>
    public bool TryOldest(out long index)
    {
        index = _first == None ? 0 : _packets.At(_first).Index;
        return _first != None;
    }

    /// <summary>All packets before <paramref name="to"/> are delivered: nobody asks for them again.</summary>
    public void MoveHead(long from, long to) => _packets.MoveHead(from, to);
}
