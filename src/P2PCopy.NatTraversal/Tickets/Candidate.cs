using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>One address at which a peer may be reached.</summary>
/// <param name="Kind">How it came to be known.</param>
/// <param name="Endpoint">Address and port.</param>
public readonly record struct Candidate(CandidateKind Kind, UdpEndpoint Endpoint);
