using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Paths;

namespace P2PCopy.NatTraversal.Sealed;

/// <summary>A snapshot of a sealed link.</summary>
/// <param name="Remote">Where the peer is reached; <see langword="null"/> while it is not.</param>
/// <param name="Route">The way there.</param>
/// <param name="RoundTrip">The round trip of the path; <see langword="null"/> before it was measured.</param>
/// <param name="DatagramBytes">The longest datagram on the wire; 0 before it is known.</param>
/// <param name="DatagramsSealed">Datagrams sealed for the peer.</param>
/// <param name="DatagramsOpened">Datagrams of the peer that were genuine.</param>
/// <param name="DatagramsRefused">Datagrams that were not: forged, repeated, too old.</param>
public readonly record struct SealedPeerStatistics(
    UdpEndpoint? Remote,
    PathRoute? Route,
    TimeSpan? RoundTrip,
    int DatagramBytes,
    long DatagramsSealed,
    long DatagramsOpened,
    long DatagramsRefused);
