using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;

namespace P2PCopy.LinkEmulator;

/// <summary>The one thread: moves the packets of both directions and sleeps until there is something to do.</summary>
internal sealed class EmulatorLoop(LinkDirection[] directions, int stopDescriptor)
{
    // While packets flow, all that comes within this time shares a wake-up, since on a virtual machine each costs 20 µs of processor.
    // It bounds that cost to a quarter of a core, and how late a packet is.
    private const long TickMicroseconds = 80;

    private readonly SystemCalls.Polled[] _polled =
    [
        new() { Descriptor = stopDescriptor, Events = SystemCalls.Readable },
        .. directions.Select(direction => new SystemCalls.Polled { Descriptor = direction.Source, Events = SystemCalls.Readable }),
    ];

    private Instant _lastWake;

    /// <summary>How often the thread woke up.</summary>
    public long Wakes { get; private set; }

    /// <summary>Whether the system lets it run before ordinary threads; else a busy machine makes packets late.</summary>
    public bool RunsFirst { get; private set; }

    /// <summary>Runs until the stop descriptor is readable or a device is gone.</summary>
    public void Run()
    {
        SystemCalls.TightenTimers();
        RunsFirst = SystemCalls.RunFirst();
        var stopped = false;
        while (!stopped)
        {
            var (moved, most) = (0, 0);
            foreach (var direction in directions)
            {
                var (received, delivered) = (direction.Receive(), direction.Deliver());
                moved += received + delivered;
                most = Math.Max(most, Math.Max(received, delivered));
            }

            // After a full batch there is more at once; after any packet there will be more soon.
            if (most < LinkDirection.Batch) stopped = moved > 0 ? SleepForTick() : SleepUntilNeeded();
        }
    }

    private bool SleepForTick()
    {
        var left = (_lastWake + TimeSpan.FromMicroseconds(TickMicroseconds)).Microseconds - MonotonicClock.System.Now.Microseconds;
        return left > 0 ? Poll(_polled.AsSpan(0, 1), left) : SleepUntilNeeded();
    }

    private bool SleepUntilNeeded()
    {
        var next = Instant.Never;
        foreach (var direction in directions) next = Instant.Min(next, direction.NextDelivery);
        return Poll(_polled, next == Instant.Never ? -1 : Math.Max(0, next.Microseconds - MonotonicClock.System.Now.Microseconds));
    }

    private bool Poll(Span<SystemCalls.Polled> polled, long microseconds)
    {
        var ready = SystemCalls.Poll(polled, microseconds);
        _lastWake = MonotonicClock.System.Now;
        Wakes++;
        if (ready <= 0) return false;

        // A device that is gone would be "ready" for ever.
        var stopped = polled[0].Returned != 0;
        foreach (var device in polled[1..]) stopped |= (device.Returned & ~SystemCalls.Readable) != 0;
        return stopped;
    }
}
