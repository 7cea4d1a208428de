using System.Globalization;
using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>Something that happened in a simulation.</summary>
/// <param name="At">When.</param>
/// <param name="Where">At which host, NAT or link.</param>
/// <param name="What">What, in a word or two.</param>
/// <param name="Source">The sender of the datagram concerned, if any.</param>
/// <param name="Destination">Its destination.</param>
/// <param name="Length">Bytes of its payload.</param>
/// <param name="TimeToLive">Hops it had left.</param>
public readonly record struct TraceEvent(
    Instant At, string Where, string What, UdpEndpoint Source, UdpEndpoint Destination, int Length, int TimeToLive)
{
    internal string Format(Instant start) =>
        string.Create(CultureInfo.InvariantCulture, $"{(At - start).TotalMilliseconds,12:0.000} ms  {Where,-18} {What,-14}")
        + (Destination == default ? "" : $" {Source} > {Destination} length {Length} ttl {TimeToLive}");
}
