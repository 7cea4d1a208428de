using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Crossing;

/// <summary>What a ticket tells of the NAT in front of its writer, in the questions that decide how to cross it.</summary>
internal readonly record struct NatSide
{
    private const int UsualHostBits = 8;

    private IReadOnlyList<UdpEndpoint> Inside { get; init; }

    /// <summary>Where the internet sees this side.</summary>
    public UdpEndpoint Primary { get; private init; }

    /// <summary>Whether it can be reached by IPv4 of the internet at all.</summary>
    public bool HasInternet { get; private init; }

    /// <summary>Whether it has IPv6 of the internet.</summary>
    public bool HasIPv6 { get; private init; }

    /// <summary>Whether all it has is this computer.</summary>
    public bool IsLoopback => AddressKind.IsLoopback(Primary);

    /// <summary>The name of its network.</summary>
    public FirewallType Firewall { get; private init; }

    /// <summary>Whether anybody gets in.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>Whether every peer sees another port. What is not known is taken for the usual: one port for all.</summary>
    public bool IsHard { get; private init; }

    /// <summary>Where the ports of a hard one will be, if that can be told.</summary>
    public PredictedPorts? Predicted { get; private init; }

    /// <summary>Whether only the very port that was written to may answer. What is not known is taken for this.</summary>
    public bool FiltersByPort { get; private init; }

    /// <summary>
    /// What early packets do. A hard one gives every peer another port in any case, so there is nothing that they could spoil; nor is there
    /// where anybody gets in.
    /// </summary>
    public EarlyPacketEffect EarlyPackets { get; private init; }

    /// <summary>From which block a hard one draws its ports, if it is known to have one.</summary>
    public PortRange? Block { get; private init; }

    /// <summary>Reads a ticket.</summary>
    public static NatSide Of(Ticket ticket)
    {
        var isOpen = ticket.IsReachable || ticket.Filtering == FilteringBehavior.EndpointIndependent;
        var isHard = ticket.Mapping is MappingBehavior.AddressDependent or MappingBehavior.AddressAndPortDependent;
        var hasIPv6 = ticket.Addresses.Any(candidate => AddressKind.IsGlobalIPv6(candidate.Endpoint));
        return new NatSide
        {
            Primary = ticket.Primary,
            HasInternet = AddressKind.IsPublicIPv4(ticket.Primary),
            HasIPv6 = hasIPv6,
            Firewall = FirewallOf(ticket, hasIPv6),
            Inside = [.. ticket.Addresses.Select(candidate => candidate.Endpoint).Where(endpoint => AddressKind.IsInside(endpoint) || AddressKind.IsUniqueLocal(endpoint))],
            IsOpen = isOpen,
            IsHard = isHard,
            Predicted = isHard ? ticket.PredictedPorts : null,
            FiltersByPort = !isOpen && ticket.Filtering is not FilteringBehavior.AddressDependent,
            EarlyPackets = isOpen || isHard ? EarlyPacketEffect.None : ticket.EarlyPackets,
            Block = isHard ? ticket.PortRange : null,
        };
    }

    /// <summary>
    /// Whether an address of each looks like one of the same network: the lengths of prefixes are not told, and these are usual. Many homes
    /// use the same private addresses, so this can be wrong.
    /// </summary>
    public bool IsNear(NatSide other) => Inside.Any(mine => other.Inside.Any(theirs => mine.IsIPv4 == theirs.IsIPv4
        && (mine.IsIPv4 ? mine.IPv4Bits >> UsualHostBits == theirs.IPv4Bits >> UsualHostBits : mine.HighBits == theirs.HighBits)));

    private static FirewallType FirewallOf(Ticket ticket, bool hasIPv6) => new NetworkReport
    {
        ServersAsked = 1,
        MappedEndpoint = AddressKind.IsPublicIPv4(ticket.Primary) || (ticket.Primary.IsIPv4 && ticket.Mapping != MappingBehavior.Unknown) ? ticket.Primary : null,
        Mapping = ticket.Mapping,
        Filtering = ticket.Filtering,
        IPv6Works = hasIPv6,
    }.Firewall;
}
