using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;

namespace P2PCopy.LinkEmulator;

/// <summary>
/// One direction: packets that are read from one device go through a <see cref="SimLink"/>, and what is due is written to the other.
/// It allocates nothing per packet.
/// </summary>
internal sealed unsafe class LinkDirection(string name, TunDevice source, TunDevice target, LinkProfile profile, SeededRandom random)
{
    /// <summary>How many packets are read or written before the other direction has its turn.</summary>
    public const int Batch = 64;

    private readonly DatagramPool _pool = new();
    private SimLink? _link;
    private SimDatagram? _spare;
    private TimeSpan _lateness;
    private long _visits;

    public string Name => name;

    public int Source => source.Descriptor;

    /// <summary>When a packet is due next.</summary>
    public Instant NextDelivery => Link.NextDelivery;

    public LinkCounters Counters => Link.Counters;

    /// <summary>Packets that the target device did not take.</summary>
    public long Refused { get; private set; }

    /// <summary>The longest that a packet was delivered after it was due.</summary>
    public TimeSpan Latest { get; private set; }

    /// <summary>The same on average.</summary>
    public TimeSpan Lateness => _visits == 0 ? TimeSpan.Zero : _lateness / _visits;

    public bool IsDown
    {
        set => Link.IsDown = value;
    }

    private SimLink Link => _link ??= new SimLink(profile, random, _pool, MonotonicClock.System.Now);

    /// <summary>Gives the link what the source device has; the number of packets.</summary>
    public int Receive()
    {
        for (var count = 0; count < Batch; count++)
        {
            var datagram = _spare ??= _pool.Rent(profile.Mtu);
            nint length;
            fixed (byte* buffer = datagram.Buffer) length = SystemCalls.Read(source.Descriptor, buffer, (nuint)datagram.Buffer.Length);
            if (length <= 0) return count;
            (datagram.Length, datagram.HeaderBytes) = ((int)length, 0);
            _spare = null;
            Link.Send(datagram, MonotonicClock.System.Now);
        }

        return Batch;
    }

    /// <summary>Writes what is due to the target device; the number of packets.</summary>
    public int Deliver()
    {
        var now = MonotonicClock.System.Now;
        if (Link.NextDelivery > now) return 0;
        var late = now - Link.NextDelivery;
        if (late > Latest) Latest = late;
        _lateness += late;
        _visits++;
        var count = 0;
        for (; count < Batch && Link.TryDeliver(now, out var datagram); count++)
        {
            nint written;
            fixed (byte* buffer = datagram.Buffer) written = SystemCalls.Write(target.Descriptor, buffer, (nuint)datagram.Length);
            if (written != datagram.Length) Refused++;
            _pool.Return(datagram);
        }

        return count;
    }
}
