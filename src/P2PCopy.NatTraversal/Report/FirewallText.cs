using System.Globalization;
using P2PCopy.NatTraversal.PortMapping;

namespace P2PCopy.NatTraversal.Report;

/// <summary>The words for a <see cref="NetworkReport"/>.</summary>
internal static class FirewallText
{
    public static string Detail(NetworkReport report)
    {
        if (report.Firewall == FirewallType.Unknown) return Join("no STUN server was asked", Forwarding(report), IPv6(report));
        if (report.Firewall is FirewallType.IPv6Only or FirewallType.UdpBlocked) return Join(Silence(report), Forwarding(report), IPv6(report));
        return Join(
            Mapping(report.Mapping),
            Filtering(report.Filtering),
            report.EarlyPackets == EarlyPacketEffect.SpoilsMapping ? "early packets disturb it" : null,
            Port(report),
            report.SecondNatHint && !HasSecondNat(report) ? "a second NAT at your provider is likely" : null,
            Forwarding(report),
            report.ServersDisagreeing > 0 ? Disagreement(report) : null,
            IPv6(report));
    }

    public static string Advice(NetworkReport report) => report.Firewall switch
    {
        _ when report is { ForwardedEndpoint: not null, PortMapping.LetsIn: not false } => "Your router forwards a port to this program, so your ticket alone is enough.",
        _ when report is { IPv6Works: true, IPv6Filtering: FilteringBehavior.EndpointIndependent, Firewall: not FirewallType.OpenInternet and not FirewallType.FullCone } =>
            "Anyone who has IPv6 and your ticket can reach you; with other peers both must enter the other's ticket.",
        FirewallType.OpenInternet or FirewallType.FullCone or FirewallType.RestrictedCone =>
            "Both of you must enter the other's ticket. This works with every peer.",
        FirewallType.PortRestrictedCone when report.EarlyPackets == EarlyPacketEffect.SpoilsMapping =>
            "Both of you must enter the other's ticket. With a peer whose router is of this kind too it may take 45 seconds.",
        FirewallType.SymmetricUdpFirewall or FirewallType.PortRestrictedCone or FirewallType.Cone =>
            "Both of you must enter the other's ticket. This works with every peer; with one whose firewall is Symmetric it takes some seconds more.",
        FirewallType.Symmetric =>
            "This works with every peer but one whose firewall is Symmetric too. Then UPnP, IPv6 or another network on one side helps.",
        FirewallType.IPv6Only => "Only peers who have IPv6 too, or are in the same local network, can be reached.",
        FirewallType.UdpBlocked => "Only peers in the same local network can be reached. Try another network.",
        _ => "Your public address is not known; only peers who can reach this computer's own address will find it.",
    };

    private static string Mapping(MappingBehavior mapping) => mapping switch
    {
        MappingBehavior.None => "no NAT",
        MappingBehavior.EndpointIndependent => "EIM mapping",
        MappingBehavior.AddressDependent => "ADM mapping",
        MappingBehavior.AddressAndPortDependent => "APDM mapping",
        _ => "mapping not tested",
    };

    private static string Filtering(FilteringBehavior filtering) => filtering switch
    {
        FilteringBehavior.EndpointIndependent => "EIF filtering",
        FilteringBehavior.AddressDependent => "ADF filtering",
        FilteringBehavior.AddressAndPortDependent => "APDF filtering",
        _ => "filter not tested",
    };

    private static string? Port(NetworkReport report)
    {
        if (report.Mapping == MappingBehavior.None) return null;
        if (report.Firewall == FirewallType.Symmetric)
            return report.PortStep is { } step ? string.Create(CultureInfo.InvariantCulture, $"ports step by {step:+0;-0}") : "random ports";
        return report.PortKept switch { true => "port kept", false => "port changed", null => null };
    }

    private static bool HasSecondNat(NetworkReport report) =>
        report.PortMapping?.Outcome == PortMappingOutcome.SecondNat
        || (report.PortMapping?.Outcome == PortMappingOutcome.Mapped && report.ForwardedEndpoint is null);

    private static string? Forwarding(NetworkReport report) => report.PortMapping switch
    {
        null or { Outcome: PortMappingOutcome.NotAsked or PortMappingOutcome.Pending } => null,
        _ when HasSecondNat(report) => "two NATs, so no port mapping",
        { Outcome: PortMappingOutcome.Mapped, External: { } outside } mapped =>
            string.Create(CultureInfo.InvariantCulture, $"port {outside.Port} forwarded by {Name(mapped.Protocol)}{Tested(mapped.LetsIn)}"),
        { Outcome: PortMappingOutcome.Refused } refused => $"port mapping refused by the router ({Name(refused.Protocol)})",
        _ => "no port mapping service",
    };

    private static string Tested(bool? letsIn) => letsIn switch
    {
        true => " (tested from outside)",
        false => " but closed from outside",
        null => "",
    };

    private static string Name(PortMappingProtocols protocol) => protocol switch
    {
        PortMappingProtocols.Pcp => "PCP",
        PortMappingProtocols.NatPmp => "NAT-PMP",
        _ => "UPnP",
    };

    private static string Silence(NetworkReport report) => report.Firewall == FirewallType.IPv6Only ? "nothing answers by IPv4"
        : report.ServersAsked > 0
        ? string.Create(CultureInfo.InvariantCulture, $"none of {report.ServersAsked} STUN servers answered")
        : string.Create(CultureInfo.InvariantCulture, $"none of {report.ServersWithoutAddress} STUN servers could be looked up");

    private static string Disagreement(NetworkReport report) => string.Create(
        CultureInfo.InvariantCulture, $"{report.ServersDisagreeing} of {report.ServersAnswered} STUN servers saw another address");

    private static string? IPv6(NetworkReport report) => (report.IPv6Works, report.IPv6Filtering) switch
    {
        (true, FilteringBehavior.EndpointIndependent) => "IPv6 yes, open to all",
        (true, FilteringBehavior.AddressDependent or FilteringBehavior.AddressAndPortDependent) => "IPv6 yes, behind a firewall",
        (true, _) => "IPv6 yes",
        (false, _) => "IPv6 no",
        _ => null,
    };

    private static string Join(params ReadOnlySpan<string?> parts)
    {
        var said = new List<string>(parts.Length);
        foreach (var part in parts)
            if (part is not null) said.Add(part);
        return string.Join(", ", said);
    }
}
