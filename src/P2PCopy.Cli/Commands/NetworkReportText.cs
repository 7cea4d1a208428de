using System.Globalization;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.Cli.Commands;

/// <summary>A network report for a person: one fact a line, then what follows from them.</summary>
internal static class NetworkReportText
{
    /// <summary>The lines.</summary>
    /// <param name="report">What was found out.</param>
    /// <param name="withAddresses">Whether addresses are told, which somebody who pastes it into a public place may not want.</param>
    public static IEnumerable<string> Lines(NetworkReport report, bool withAddresses)
    {
        yield return $"Your firewall is {report.Firewall}";
        if (report.Detail.Length > 0) yield return $"  {report.Detail}";
        yield return "";
        yield return $"Address in your network:  {Shown(report.LocalEndpoint, withAddresses) ?? "none"}";
        yield return $"Address on the internet:  {Shown(report.MappedEndpoint, withAddresses) ?? "not known"}";
        if (Shown(report.IPv6Endpoint, withAddresses) is { } address) yield return $"IPv6 on the internet:     {address}";
        yield return Invariant($"Servers that answered:    {report.ServersAnswered} of {report.ServersAsked}");
        yield return "";
        foreach (var line in Meaning(report)) yield return line;
        yield return "";
        yield return report.Advice;
    }

    private static string? Shown(UdpEndpoint? endpoint, bool withAddresses) => endpoint is null || withAddresses ? endpoint?.ToString() : "known (--addresses shows it)";

    private static IEnumerable<string> Meaning(NetworkReport report)
    {
        yield return report.Mapping switch
        {
            _ when report.Firewall == FirewallType.IPv6Only => "Your network leads to the internet by IPv6 alone.",
            MappingBehavior.None => "There is no address translation (NAT) between you and the internet.",
            MappingBehavior.EndpointIndependent => "Your router shows every peer the same address of you: good for connecting directly.",
            MappingBehavior.AddressDependent or MappingBehavior.AddressAndPortDependent =>
                "Your router shows every peer another address of you, so none can be told in advance: bad for connecting directly.",
            _ => "What your router does to your address could not be found out.",
        };
        switch (report.Filtering)
        {
            case FilteringBehavior.EndpointIndependent:
                yield return "Anyone may send to your address once you have used it.";
                break;
            case FilteringBehavior.AddressDependent or FilteringBehavior.AddressAndPortDependent:
                yield return "Only those you have sent to may send to you, which is why both peers must enter the other's ticket.";
                break;
        }

        if (report.EarlyPackets == EarlyPacketEffect.SpoilsMapping)
            yield return "Packets of a peer that come before yours disturb your router; starting in common slots of time helps.";
        if (MappingSentence(report) is { } mapping) yield return mapping;
        else if (report.SecondNatHint) yield return "There seems to be a second router behind yours, at your provider.";
        if (report.ServersDisagreeing > 0) yield return Invariant($"{report.ServersDisagreeing} of the servers said something else than the others and were not believed.");
    }

    private static string? MappingSentence(NetworkReport report) => report.PortMapping?.Outcome switch
    {
        null or PortMappingOutcome.NotAsked => null,
        PortMappingOutcome.Mapped when report.ForwardedEndpoint is not null => "Your router forwards a port to p2pcopy when asked.",
        PortMappingOutcome.Mapped or PortMappingOutcome.SecondNat =>
            "There is a second router behind yours, most likely at your provider, so a port of yours leads nowhere.",
        PortMappingOutcome.Refused => "Your router knows how to forward ports but does not do it for p2pcopy; its settings may allow it.",
        _ => "Your router does not forward ports when asked. If its settings have UPnP, NAT-PMP or PCP, turn that on: then your ticket alone is enough.",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
