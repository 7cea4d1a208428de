namespace P2PCopy.NatTraversal.Tickets;

/// <summary>The block of outside ports that a carrier's NAT gives a customer, from which it picks at random.</summary>
/// <param name="Lowest">The first port of the block.</param>
/// <param name="Highest">The last port of the block, inclusive.</param>
public readonly record struct PortRange(ushort Lowest, ushort Highest);
