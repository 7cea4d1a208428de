using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>A server that can answer from another address (RFC 5780), and did not refuse to.</summary>
/// <param name="Server">Where it is asked.</param>
/// <param name="Other">Its other address and port.</param>
/// <param name="Patience">How long silence lasts that means something.</param>
public readonly record struct StunTester(UdpEndpoint Server, UdpEndpoint Other, TimeSpan Patience);
