using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.NatTraversal.Crossing;

/// <summary>Moments at which both sides act together without having talked to each other: each multiple of 40 s of Unix time.</summary>
// PROTOCOL PATH-17.
internal static class CommonSlots
{
    /// <summary>From one to the next: longer than a NAT remembers what came unasked (30 s), and a burst before.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(40);

    /// <summary>How much earlier each side opens its own NAT. Clocks may differ by as much.</summary>
    public static readonly TimeSpan Lead = TimeSpan.FromSeconds(1);

    /// <summary>The first slot for which there is still time to open one's own NAT.</summary>
    public static Instant Next(InternetTime time, Instant from) =>
        time.InstantOf(StartSchedule.Next(time.At(from + Lead - TimeSpan.FromMicroseconds(1)), Period).Time);
}
