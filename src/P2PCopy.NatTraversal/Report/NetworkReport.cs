using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Report;

/// <summary>What this network does to us, as a record of plain questions. <see langword="null"/> means: could not be found out.</summary>
public sealed record NetworkReport
{
    /// <summary>Where the internet sees our IPv4 socket; what the peer is told.</summary>
    public UdpEndpoint? MappedEndpoint { get; init; }

    /// <summary>The address and port of the socket on this computer.</summary>
    public UdpEndpoint? LocalEndpoint { get; init; }

    /// <summary>On what the outside address depends.</summary>
    public MappingBehavior Mapping { get; init; }

    /// <summary>Who gets in.</summary>
    public FilteringBehavior Filtering { get; init; }

    /// <summary>What packets do that come before ours left.</summary>
    public EarlyPacketEffect EarlyPackets { get; init; }

    /// <summary>Whether the outside port is the inside port.</summary>
    public bool? PortKept { get; init; }

    /// <summary>
    /// By how much the outside port grows from one mapping to the next, negative when it falls; <see langword="null"/> when it does
    /// not change or not evenly.
    /// </summary>
    public int? PortStep { get; init; }

    /// <summary>The outside ports in the order their mappings were made, when the NAT has another one for every peer; else empty.</summary>
    public IReadOnlyList<ushort> SeenPorts { get; init; } = [];

    /// <summary>Whether IPv6 works outwards.</summary>
    public bool? IPv6Works { get; init; }

    /// <summary>Where the internet sees an IPv6 socket of ours, with the port of the test.</summary>
    public UdpEndpoint? IPv6Endpoint { get; init; }

    /// <summary>Who gets in by IPv6: those that were written to, at most homes; anybody, where no firewall is.</summary>
    public FilteringBehavior IPv6Filtering { get; init; }

    /// <summary>Whether the inside address is one that providers give out behind a NAT of their own (RFC 6598, RFC 6333).</summary>
    public bool SecondNatHint { get; init; }

    /// <summary>What the router does on request; <see langword="null"/> when that was not looked at.</summary>
    public PortMappingReport? PortMapping { get; init; }

    /// <summary>
    /// Where a port that the router forwards can be reached, when it can: the router's address is one of the internet, and the one that
    /// STUN servers see if any answered.
    /// </summary>
    public UdpEndpoint? ForwardedEndpoint =>
        PortMapping?.External is { Port: > 0 } outside && AddressKind.IsPublicIPv4(outside) && MappedEndpoint?.SameAddress(outside) != false ? outside : null;

    /// <summary>Servers that were asked from the IPv4 socket.</summary>
    public int ServersAsked { get; init; }

    /// <summary>Servers that could not be asked: their names did not resolve, or to no IPv4 address.</summary>
    public int ServersWithoutAddress { get; init; }

    /// <summary>Servers that answered.</summary>
    public int ServersAnswered { get; init; }

    /// <summary>Servers that saw something else than the others did although the NAT gives one address to all; more than 0 is odd.</summary>
    public int ServersDisagreeing { get; init; }

    /// <summary>The name of all this.</summary>
    public FirewallType Firewall => this switch
    {
        { ServersAsked: 0, ServersWithoutAddress: 0 } => FirewallType.Unknown,
        { MappedEndpoint: null, IPv6Works: true } => FirewallType.IPv6Only,
        { MappedEndpoint: null } => FirewallType.UdpBlocked,
        { Mapping: MappingBehavior.None, Filtering: FilteringBehavior.EndpointIndependent } => FirewallType.OpenInternet,
        { Mapping: MappingBehavior.None } => FirewallType.SymmetricUdpFirewall,
        { Mapping: MappingBehavior.AddressDependent or MappingBehavior.AddressAndPortDependent } => FirewallType.Symmetric,
        { Mapping: MappingBehavior.Unknown } => FirewallType.Cone,
        { Filtering: FilteringBehavior.EndpointIndependent } => FirewallType.FullCone,
        { Filtering: FilteringBehavior.AddressDependent } => FirewallType.RestrictedCone,
        { Filtering: FilteringBehavior.AddressAndPortDependent } => FirewallType.PortRestrictedCone,
        _ => FirewallType.Cone,
    };

    /// <summary>One line of facts behind the name, without line break.</summary>
    public string Detail => FirewallText.Detail(this);

    /// <summary>What that means for the user, in a sentence or two.</summary>
    public string Advice => FirewallText.Advice(this);
}
