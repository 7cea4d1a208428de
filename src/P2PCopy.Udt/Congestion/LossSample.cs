using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>What a loss report tells congestion control. Packets are counted from 0 at the beginning of the connection.</summary>
/// <param name="Now">When it arrived.</param>
/// <param name="FirstLost">The smallest packet it names.</param>
/// <param name="NewestSent">The newest packet ever sent.</param>
/// <param name="RoundTrip">The smoothed round trip.</param>
/// <param name="DeliveryRate">Packets per second acknowledged over the last round trip, our own measure; 0 while unknown.</param>
public readonly record struct LossSample(Instant Now, long FirstLost, long NewestSent, TimeSpan RoundTrip, double DeliveryRate);
