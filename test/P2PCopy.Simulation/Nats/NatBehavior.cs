namespace P2PCopy.Simulation.Nats;

/// <summary>What a NAT or firewall does to UDP, in the terms of RFC 4787; presets are named as users know them.</summary>
/// <param name="Name">What users call it.</param>
/// <param name="Mapping">What a mapping depends on.</param>
/// <param name="Filtering">Who may send in.</param>
/// <param name="PortChoice">Which outside port a mapping gets.</param>
public sealed record NatBehavior(string Name, NatScope Mapping, NatScope Filtering, PortChoice PortChoice)
{
    /// <summary>No NAT and no firewall.</summary>
    public static NatBehavior Open { get; } =
        new("open", NatScope.EndpointIndependent, NatScope.EndpointIndependent, PortChoice.Preserve) { Translates = false };

    /// <summary>One mapping, anybody may send in (EIM/EIF).</summary>
    public static NatBehavior FullCone { get; } =
        new("full-cone", NatScope.EndpointIndependent, NatScope.EndpointIndependent, PortChoice.Preserve);

    /// <summary>One mapping, known addresses may send in (EIM/ADF).</summary>
    public static NatBehavior RestrictedCone { get; } =
        new("restricted-cone", NatScope.EndpointIndependent, NatScope.AddressDependent, PortChoice.Preserve);

    /// <summary>One mapping, known endpoints may send in (EIM/APDF): most home routers.</summary>
    public static NatBehavior PortRestrictedCone { get; } =
        new("port-restricted-cone", NatScope.EndpointIndependent, NatScope.AddressAndPortDependent, PortChoice.Preserve);

    /// <summary>
    /// Port-restricted like Linux masquerading on a router that takes unknown UDP for itself: a peer that sends first moves our port.
    /// </summary>
    public static NatBehavior PortRestrictedP { get; } =
        PortRestrictedCone with { Name = "port-restricted-p", UnsolicitedOccupies = true };

    /// <summary>A mapping per destination with random ports (APDM/APDF): carriers, companies.</summary>
    public static NatBehavior Symmetric { get; } =
        new("symmetric", NatScope.AddressAndPortDependent, NatScope.AddressAndPortDependent, PortChoice.Random);

    /// <summary>A mapping per destination with ports that can be foretold.</summary>
    public static NatBehavior SymmetricStepping { get; } = Symmetric with { Name = "symmetric-stepping", PortChoice = PortChoice.Sequential(1) };

    /// <summary>As <see cref="Symmetric"/>, with ports of a block of 2,048 only: carriers that keep few records.</summary>
    public static NatBehavior SymmetricBlock { get; } = Symmetric with { Name = "symmetric-block", PortChoice = PortChoice.Within(40960, 43007) };

    /// <summary>No translation, but only answers come in: public addresses and IPv6 at home.</summary>
    public static NatBehavior FirewallStateful { get; } = PortRestrictedCone with { Name = "firewall", Translates = false };

    /// <summary>No UDP at all, as in some companies.</summary>
    public static NatBehavior UdpBlocked { get; } = PortRestrictedCone with { Name = "udp-blocked", Blocked = true };

    /// <summary>No UDP by IPv4, and IPv6 as at home: not translated, and only answers come in.</summary>
    public static NatBehavior IPv6Alone { get; } = PortRestrictedCone with { Name = "ipv6-alone", BlocksIPv4 = true };

    /// <summary>All presets, for tables of scenarios.</summary>
    public static IReadOnlyList<NatBehavior> All { get; } =
        [Open, FullCone, RestrictedCone, PortRestrictedCone, PortRestrictedP, Symmetric, SymmetricStepping, FirewallStateful, UdpBlocked];

    /// <summary>
    /// How long a mapping lives without traffic. Real: 30 s (many), 120 s (the least RFC 4787 REQ-5 allows, and Linux for two-way flows).
    /// </summary>
    public TimeSpan MappingTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Whether traffic from outside keeps a mapping alive as well (RFC 4787 REQ-6 leaves it open; Linux does).</summary>
    public bool InboundRefreshes { get; init; } = true;

    /// <summary>Whether two hosts inside reach each other by their outside addresses (RFC 4787 REQ-9). Many home routers do not.</summary>
    public bool Hairpin { get; init; }

    /// <summary>
    /// The P property: a datagram from outside that nobody asked for occupies its pair of far endpoint and outside port, and a later
    /// datagram of ours to that endpoint has to leave from another port. Each further one renews the occupation.
    /// </summary>
    public bool UnsolicitedOccupies { get; init; }

    /// <summary>How long an unsolicited datagram occupies its pair. Linux: 30 s (nf_conntrack_udp_timeout).</summary>
    public TimeSpan UnsolicitedTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether addresses are translated (IPv4 only); else it is a firewall.</summary>
    public bool Translates { get; init; } = true;

    /// <summary>Whether it drops all UDP between inside and outside.</summary>
    public bool Blocked { get; init; }

    /// <summary>Whether it drops that of IPv4.</summary>
    public bool BlocksIPv4 { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
