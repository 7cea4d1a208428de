using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Crossing;

/// <summary>The networks that are crossed with each other, under the names of test/crossings.</summary>
internal static class NatKinds
{
    public static IReadOnlyList<(string Name, NatBehavior[] Nats)> All { get; } =
    [
        ("public", []),
        ("firewall", [NatBehavior.FirewallStateful]),
        ("full cone", [NatBehavior.FullCone]),
        ("restricted", [NatBehavior.RestrictedCone]),
        ("port-restricted", [NatBehavior.PortRestrictedCone]),
        ("spoilt by early packets", [NatBehavior.PortRestrictedP]),
        ("symmetric", [NatBehavior.Symmetric]),
        ("symmetric, stepping", [NatBehavior.SymmetricStepping with { PortChoice = PortChoice.Sequential(2) }]),
        ("symmetric, in a block", [NatBehavior.SymmetricBlock]),
        ("two NATs", [NatBehavior.PortRestrictedCone, NatBehavior.PortRestrictedCone]),
        ("behind a symmetric one", [NatBehavior.PortRestrictedCone, NatBehavior.Symmetric]),
        ("behind a carrier's block", [NatBehavior.PortRestrictedCone, NatBehavior.SymmetricBlock]),
        ("IPv6 alone", [NatBehavior.IPv6Alone]),
        ("UDP blocked", [NatBehavior.UdpBlocked]),
    ];
}
