using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;

namespace P2PCopy.LinkEmulator;

/// <summary>
/// One direction: packets that are read from one device go through a <see cref="SimLink"/>, and what is due is written to the other.
/// Like two network cards it takes trains and gives trains, and between them each packet is for itself. It allocates nothing per packet.
/// </summary>
internal sealed unsafe class LinkDirection(string name, TunDevice source, TunDevice target, LinkProfile profile, SeededRandom random)
{
    /// <summary>How many packets are read or written before the other direction has its turn.</summary>
    public const int Batch = 64;

    private const int LongestReading = OffloadHeader.Length + 65536;

    // A card joins what comes back to back on a fast line. What is due further apart stays apart, also when a busy machine delivers it
    // late and together.
    private static readonly TimeSpan BackToBack = TimeSpan.FromMicroseconds(20);

    private readonly DatagramPool _pool = new();
    private readonly byte[] _reading = new byte[LongestReading];
    private readonly TrainJoiner _joiner = new();
    private TrainCutter? _cutter;
    private SimLink? _link;
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

    private TrainCutter Cutter => _cutter ??= new TrainCutter(_pool);

    /// <summary>Gives the link what the source device has; the number of packets.</summary>
    public int Receive()
    {
        var count = 0;
        while (count < Batch)
        {
            nint length;
            fixed (byte* buffer = _reading) length = SystemCalls.Read(source.Descriptor, buffer, (nuint)_reading.Length);
            if (length <= 0) return count;
            var now = MonotonicClock.System.Now;
            for (Cutter.Begin(_reading, (int)length); !Cutter.IsEmpty; count++) Link.Send(Cutter.Take(), now);
        }

        return count;
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
        var (last, due) = (Link.NextDelivery, Link.NextDelivery);
        for (; count < Batch && Link.TryDeliver(now, out var datagram); count++, due = Link.NextDelivery)
        {
            if (due - last > BackToBack || !_joiner.TryAdd(datagram))
            {
                Write();
                _joiner.TryAdd(datagram);
            }

            last = due;
            _pool.Return(datagram);
        }

        Write();
        return count;
    }

    private void Write()
    {
        var packets = _joiner.Count;
        var train = _joiner.Take();
        nint written;
        fixed (byte* buffer = train) written = SystemCalls.Write(target.Descriptor, buffer, (nuint)train.Length);
        if (written != train.Length) Refused += packets;
    }
}
