using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>What a full acknowledgement tells congestion control.</summary>
/// <param name="Now">When it arrived.</param>
/// <param name="Acknowledged">Packets acknowledged since the connection began.</param>
/// <param name="RoundTrip">The smoothed round trip.</param>
/// <param name="ArrivalSpeed">Packets per second as the peer saw them arrive; 0 when not told.</param>
/// <param name="LinkCapacity">Packets per second that the peer believes the link can carry; 0 when not told.</param>
/// <param name="DeliveryRate">Packets per second acknowledged over the last round trip, our own measure; 0 while unknown.</param>
public readonly record struct AckSample(
    Instant Now, long Acknowledged, TimeSpan RoundTrip, double ArrivalSpeed, double LinkCapacity, double DeliveryRate);
