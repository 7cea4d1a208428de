using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Crossing;

/// <summary>What a ticket tells of the NAT in front of its writer, in the questions that decide how to cross it.</summary>
internal readonly record struct NatSide
{
    /// <summary>Where the internet sees this side.</summary>
    public UdpEndpoint Primary { get; private init; }

    /// <summary>Whether it can be reached by IPv4 of the internet at all.</summary>
    public bool HasInternet { get; private init; }

    /// <summary>Whether it has IPv6 of the internet.</summary>
    public bool HasIPv6 { get; private init; }

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
        return new NatSide
        {
            Primary = ticket.Primary,
            HasInternet = AddressKind.IsPublicIPv4(ticket.Primary),
            HasIPv6 = ticket.Addresses.Any(candidate => AddressKind.IsGlobalIPv6(candidate.Endpoint)),
            IsOpen = isOpen,
            IsHard = isHard,
            Predicted = isHard ? ticket.PredictedPorts : null,
            FiltersByPort = !isOpen && ticket.Filtering is not FilteringBehavior.AddressDependent,
            EarlyPackets = isOpen || isHard ? EarlyPacketEffect.None : ticket.EarlyPackets,
            Block = isHard ? ticket.PortRange : null,
        };
    }
}
