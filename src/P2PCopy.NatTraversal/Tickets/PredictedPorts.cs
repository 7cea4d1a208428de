namespace P2PCopy.NatTraversal.Tickets;

/// <summary>Where the ports of a symmetric NAT that steps evenly are likely to be when the peer arrives.</summary>
/// <param name="Next">The outside port that the next mapping should get.</param>
/// <param name="Step">From one mapping to the next; negative when they fall.</param>
/// <param name="Spread">How many steps beyond <paramref name="Next"/> are worth trying at the time of the ticket.</param>
public readonly record struct PredictedPorts(ushort Next, short Step, byte Spread);
