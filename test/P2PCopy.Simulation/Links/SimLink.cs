using System.Diagnostics.CodeAnalysis;
using P2PCopy.Datagrams;

namespace P2PCopy.Simulation.Links;

/// <summary>
/// One direction of a link as a pure machine over time: datagrams go in with <see cref="Send"/> and come out of
/// <see cref="TryDeliver"/> when they are due. It serves virtual time and real time alike and allocates nothing per datagram.
/// </summary>
/// <param name="profile">What it does.</param>
/// <param name="random">Its luck.</param>
/// <param name="pool">Where lost datagrams go and copies come from.</param>
/// <param name="start">When it came up; black-outs count from here.</param>
public sealed class SimLink(LinkProfile profile, SeededRandom random, DatagramPool pool, Instant start)
{
    // Each piece of a packet has an IPv4 header of its own, and all but the last carry units of eight bytes (RFC 791 §2.3).
    private const int FragmentHeaderBytes = 20;

    private readonly TimeHeap<SimDatagram> _inFlight = new();
    private LinkCounters _counters;
    private long _freeAtNanoseconds;
    private long _residue;
    private long _lastInOrder;
    private bool _bad;

    /// <summary>What it does from now on; what is under way is not affected.</summary>
    public LinkProfile Profile { get; set; } = profile;

    /// <summary>A link that is down loses all it is given, like in a black-out without end.</summary>
    public bool IsDown { get; set; }

    /// <summary>When <see cref="TryDeliver"/> has something next.</summary>
    public Instant NextDelivery => _inFlight.Next;

    /// <summary>Datagrams under way.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>What happened so far.</summary>
    public LinkCounters Counters => _counters;

    /// <summary>Gives a datagram, and its ownership, to the link.</summary>
    public LinkFate Send(SimDatagram datagram, Instant now)
    {
        _counters.Sent++;
        var fate = Judge(datagram, now);
        if (fate != LinkFate.Carried)
        {
            pool.Return(datagram);
            return fate;
        }

        var departure = Depart(datagram, now);
        if (random.Chance(Profile.Corrupt)) FlipOneBit(datagram);
        if (random.Chance(Profile.Duplicate))
        {
            var copy = pool.Rent(datagram.Length);
            copy.CopyFrom(datagram);
            _counters.Duplicated++;
            Carry(copy, departure);
        }

        Carry(datagram, departure);
        return fate;
    }

    /// <summary>The next datagram that is due by now; its owner is then the caller.</summary>
    public bool TryDeliver(Instant now, [NotNullWhen(true)] out SimDatagram? datagram)
    {
        if (!_inFlight.TryPop(now, out datagram)) return false;
        _counters.Delivered++;
        _counters.DeliveredBytes += datagram.Length + datagram.HeaderBytes;
        return true;
    }

    /// <summary>Gives all that is under way back to the pool.</summary>
    public void Clear()
    {
        while (_inFlight.TryPop(Instant.Never, out var datagram)) pool.Return(datagram);
    }

    // The order is that of a real path: an interface that is down or too narrow, a full queue in front of it, then the air.
    private LinkFate Judge(SimDatagram datagram, Instant now)
    {
        if (IsDown || IsBlackedOut(now))
        {
            _counters.BlackedOut++;
            return LinkFate.BlackedOut;
        }

        var pieces = Pieces(datagram);
        if (pieces > 1 && (datagram.DontFragment || !Profile.Fragments))
        {
            _counters.TooLong++;
            return LinkFate.TooLong;
        }

        if (BacklogBytes(now) is > 0 and var backlog && backlog + WireBytes(datagram) > Profile.QueueBytes)
        {
            _counters.QueueFull++;
            return LinkFate.QueueFull;
        }

        var lost = false;
        for (; pieces > 0; pieces--) lost |= IsLost();
        if (!lost) return LinkFate.Carried;

        // What is lost in the air has used the transmitter all the same.
        Depart(datagram, now);
        _counters.Lost++;
        return LinkFate.Lost;
    }

    private int Pieces(SimDatagram datagram)
    {
        var length = datagram.Length + datagram.HeaderBytes;
        if (length <= Profile.Mtu) return 1;
        var capacity = (Profile.Mtu - FragmentHeaderBytes) & ~7;
        return (length - FragmentHeaderBytes + capacity - 1) / capacity;
    }

    private int WireBytes(SimDatagram datagram) =>
        datagram.Length + datagram.HeaderBytes + ((Pieces(datagram) - 1) * FragmentHeaderBytes);

    private bool IsBlackedOut(Instant now)
    {
        if (Profile.BlackOuts.Count == 0) return false;
        var age = now - start;
        foreach (var gap in Profile.BlackOuts)
            if (age >= gap.Start && age < gap.Start + gap.Length) return true;
        return false;
    }

    private bool IsLost()
    {
        var lost = random.Chance(Profile.Loss);
        if (Profile.BurstLoss is not { } burst) return lost;
        _bad = _bad ? !random.Chance(burst.ToGood) : random.Chance(burst.ToBad);
        return random.Chance(_bad ? burst.LossInBad : burst.LossInGood) || lost;
    }

    // What has not yet left, seen as a fluid: the rest of the datagram being sent and all behind it.
    private long BacklogBytes(Instant now)
    {
        var ahead = _freeAtNanoseconds - Nanoseconds(now);
        return ahead <= 0 || Profile.BitsPerSecond == 0 ? 0 : (long)Math.Ceiling(ahead * (double)Profile.BitsPerSecond / 8e9);
    }

    // The last bit leaves when the line has been free for it long enough. The residue keeps a train of datagrams exact.
    private long Depart(SimDatagram datagram, Instant now)
    {
        var arrival = Nanoseconds(now);
        if (Profile.BitsPerSecond == 0) return arrival;
        if (_freeAtNanoseconds < arrival)
        {
            _freeAtNanoseconds = arrival;
            _residue = 0;
        }

        var work = (WireBytes(datagram) * 8_000_000_000L) + _residue;
        _freeAtNanoseconds += work / Profile.BitsPerSecond;
        _residue = work % Profile.BitsPerSecond;
        return _freeAtNanoseconds;
    }

    private void Carry(SimDatagram datagram, long departure)
    {
        var arrival = departure + Nanoseconds(Profile.Delay);
        if (Profile.Jitter > TimeSpan.Zero) arrival += random.Between(0, Nanoseconds(Profile.Jitter));
        if (random.Chance(Profile.Reorder))
        {
            _counters.HeldBack++;
            arrival += Nanoseconds(Profile.ReorderBy);
        }
        else if (!Profile.JitterReorders)
        {
            // One that is held back must not hold back those behind it, or nothing would overtake it.
            _lastInOrder = arrival = Math.Max(arrival, _lastInOrder);
        }

        _inFlight.Push(new Instant((arrival + 999) / 1000), datagram);
    }

    private void FlipOneBit(SimDatagram datagram)
    {
        if (datagram.Length == 0) return;
        var bit = (int)random.Between(0, (datagram.Length * 8L) - 1);
        datagram.Buffer[bit / 8] ^= (byte)(1 << (bit % 8));
        _counters.Corrupted++;
    }

    private static long Nanoseconds(Instant instant) => instant.Microseconds * 1000;

    private static long Nanoseconds(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;
}
