namespace P2PCopy.EndToEnd.Lab;

/// <summary>A user's machine.</summary>
/// <param name="Machine">Its namespace.</param>
/// <param name="Address">Its own IPv4 address.</param>
/// <param name="PublicAddress">The IPv4 address that the internet sees.</param>
/// <param name="Routers">The routers in front of it, its own first; none for a machine with a public address.</param>
internal sealed record LabHost(LabNamespace Machine, string Address, string PublicAddress, IReadOnlyList<LabNamespace> Routers);
