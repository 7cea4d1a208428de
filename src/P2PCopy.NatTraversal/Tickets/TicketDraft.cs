using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.NatDetection;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>What a ticket is made of, and what the user does not want in it.</summary>
/// <example><code>
/// var draft = new TicketDraft { PublicKey = key.Public, WantsToSend = true, Network = probe.Report, Port = 4300, HostAddresses = HostAddresses.Read() };
/// Console.WriteLine($"Tell this to your peer: {draft.Make(Ticket.MinuteOf(now))}");
/// </code></example>
public sealed record TicketDraft
{
    // With four STUN servers behind us and other flows of the house beside us, the next mapping is hardly further away.
    private const byte Spread = 24;

    /// <summary>The key of this run.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>Whether this side wants to send.</summary>
    public required bool WantsToSend { get; init; }

    /// <summary>What the network does to us.</summary>
    public required NetworkReport Network { get; init; }

    /// <summary>The port of the socket on this computer, both for IPv4 and IPv6.</summary>
    public required ushort Port { get; init; }

    /// <summary>The addresses of this computer.</summary>
    public IReadOnlyList<HostAddress> HostAddresses { get; init; } = [];

    /// <summary>What a router forwards to the socket; told only if it is of the internet and the one that STUN servers see.</summary>
    public UdpEndpoint? Mapped { get; init; }

    /// <summary>Where else the internet sees the socket: by another provider, or a VPN.</summary>
    public IReadOnlyList<UdpEndpoint> FurtherReflexive { get; init; } = [];

    /// <summary>Whether addresses of the own network are kept to ourselves.</summary>
    public bool HidesLan { get; init; }

    /// <summary>Whether IPv6 addresses are kept to ourselves.</summary>
    public bool HidesIPv6 { get; init; }

    /// <summary>The ticket, or <see langword="null"/> when there is no address that may be told.</summary>
    /// <param name="minute">The time, as <see cref="Ticket.MinuteOf"/> has it.</param>
    public Ticket? Make(ushort minute)
    {
        // PROTOCOL TKT-14.
        var forwarded = Forwarded();
        var lan = HidesLan ? [] : CandidateSelection.IPv4(HostAddresses, Port).ToArray();
        var global = HidesIPv6 || Network.IPv6Works != true ? [] : CandidateSelection.GlobalIPv6(HostAddresses, Network.IPv6Endpoint, Port).ToArray();
        var local = HidesIPv6 || HidesLan ? [] : CandidateSelection.UniqueLocal(HostAddresses, Port).ToArray();
        if (Primary(forwarded, [.. global, .. lan, .. local]) is not { } primary) return null;

        // On loopback both programs are on one machine, and nobody else is to find them.
        var candidates = AddressKind.IsLoopback(primary)
            ? []
            : lan.Select(endpoint => new Candidate(CandidateKind.Host, endpoint))
                .Concat(global.Concat(local).Select(endpoint => new Candidate(CandidateKind.HostV6, endpoint)))
                .Concat(forwarded is { } outside ? [new Candidate(CandidateKind.Mapped, outside)] : [])
                .Concat(FurtherReflexive.Where(AddressKind.IsPublicIPv4).Select(endpoint => new Candidate(CandidateKind.Reflexive, endpoint)))
                .Where(candidate => candidate.Endpoint != primary)
                .DistinctBy(candidate => candidate.Endpoint)
                .Take(Ticket.MostAddresses - 1);
        var ticket = new Ticket
        {
            Primary = primary,
            IsReachable = (forwarded is not null && Network.PortMapping?.LetsIn != false) || Network.Firewall is FirewallType.OpenInternet or FirewallType.FullCone,
            WantsToSend = WantsToSend,
            EarlyPackets = Network.EarlyPackets,
            Mapping = Network.Mapping,
            Filtering = Network.Filtering,
            Minute = minute,
            PublicKey = PublicKey,
            Candidates = [.. candidates],
            PredictedPorts = Network.Firewall == FirewallType.Symmetric ? Predicted() : null,
            PortRange = Network.Firewall == FirewallType.Symmetric && Network.PortStep is null ? PortBlock.Find([.. Network.SeenPorts]) : null,
        };

        // Behind IPv6 in front there is no NAT; who its firewall lets in was not tested.
        return primary.IsIPv4
            ? ticket
            : ticket with { Mapping = MappingBehavior.None, Filtering = FilteringBehavior.Unknown, EarlyPackets = EarlyPacketEffect.None };
    }

    private UdpEndpoint? Primary(UdpEndpoint? forwarded, ReadOnlySpan<UdpEndpoint> others)
    {
        if (Network.MappedEndpoint is { } seen) return seen;
        if (forwarded is not null) return forwarded;
        if (!others.IsEmpty) return others[0];
        return Network.LocalEndpoint is { } local && AddressKind.CanBePeer(local) && (!HidesLan || AddressKind.IsLoopback(local)) ? local : null;
    }

    private UdpEndpoint? Forwarded()
    {
        if (Mapped is not { Port: > 0 } mapped || !AddressKind.IsPublicIPv4(mapped)) return null;
        return Network.MappedEndpoint is { } seen && !seen.SameAddress(mapped) ? null : mapped;
    }

    private PredictedPorts? Predicted()
    {
        if (Network.PortStep is not { } step || Network.SeenPorts is not [.., var last]) return null;
        var next = PortCircle.Add(last, step);
        return new PredictedPorts(next == 0 ? (ushort)1 : next, (short)step, Spread);
    }
}
