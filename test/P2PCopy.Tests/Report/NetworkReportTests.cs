using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.Tests.Report;

public sealed class NetworkReportTests
{
    private static readonly NetworkReport Home = new()
    {
        MappedEndpoint = UdpEndpoint.FromIPv4(0xc0000207, 4300),
        Mapping = MappingBehavior.EndpointIndependent,
        Filtering = FilteringBehavior.AddressAndPortDependent,
        EarlyPackets = EarlyPacketEffect.None,
        PortKept = true,
        IPv6Works = true,
        ServersAsked = 4,
        ServersAnswered = 4,
    };

    [Theory]
    [InlineData(MappingBehavior.None, FilteringBehavior.EndpointIndependent, FirewallType.OpenInternet)]
    [InlineData(MappingBehavior.None, FilteringBehavior.AddressDependent, FirewallType.SymmetricUdpFirewall)]
    [InlineData(MappingBehavior.None, FilteringBehavior.AddressAndPortDependent, FirewallType.SymmetricUdpFirewall)]
    [InlineData(MappingBehavior.None, FilteringBehavior.Unknown, FirewallType.SymmetricUdpFirewall)]
    [InlineData(MappingBehavior.EndpointIndependent, FilteringBehavior.EndpointIndependent, FirewallType.FullCone)]
    [InlineData(MappingBehavior.EndpointIndependent, FilteringBehavior.AddressDependent, FirewallType.RestrictedCone)]
    [InlineData(MappingBehavior.EndpointIndependent, FilteringBehavior.AddressAndPortDependent, FirewallType.PortRestrictedCone)]
    [InlineData(MappingBehavior.EndpointIndependent, FilteringBehavior.Unknown, FirewallType.Cone)]
    [InlineData(MappingBehavior.AddressDependent, FilteringBehavior.EndpointIndependent, FirewallType.Symmetric)]
    [InlineData(MappingBehavior.AddressAndPortDependent, FilteringBehavior.AddressAndPortDependent, FirewallType.Symmetric)]
    [InlineData(MappingBehavior.Unknown, FilteringBehavior.EndpointIndependent, FirewallType.Cone)]
    public void Mapping_and_filtering_make_the_name(MappingBehavior mapping, FilteringBehavior filtering, FirewallType expected) =>
        Assert.Equal(expected, (Home with { Mapping = mapping, Filtering = filtering }).Firewall);

    [Fact]
    public void A_network_of_IPv6_alone_is_called_that_and_not_blocked()
    {
        var report = new NetworkReport { ServersWithoutAddress = 4, IPv6Works = true, IPv6Filtering = FilteringBehavior.AddressAndPortDependent };
        Assert.Equal(FirewallType.IPv6Only, report.Firewall);
        Assert.Equal("nothing answers by IPv4, IPv6 yes, behind a firewall", report.Detail);
        Assert.Equal("Only peers who have IPv6 too, or are in the same local network, can be reached.", report.Advice);
        Assert.Equal(FirewallType.UdpBlocked, (report with { IPv6Works = false }).Firewall);
    }

    [Fact]
    public void The_detail_is_one_line_of_facts()
    {
        Assert.Equal("EIM mapping, APDF filtering, port kept, IPv6 yes", Home.Detail);
        Assert.Equal(
            "EIM mapping, APDF filtering, early packets disturb it, port changed, a second NAT at your provider is likely, IPv6 no",
            (Home with { EarlyPackets = EarlyPacketEffect.SpoilsMapping, PortKept = false, SecondNatHint = true, IPv6Works = false }).Detail);
        Assert.Equal(
            "APDM mapping, APDF filtering, ports step by -2, IPv6 yes",
            (Home with { Mapping = MappingBehavior.AddressAndPortDependent, PortStep = -2 }).Detail);
        Assert.Equal("no NAT, filter not tested", (Home with { Mapping = MappingBehavior.None, Filtering = 0, IPv6Works = null }).Detail);
    }

    [Theory]
    [InlineData(PortMappingOutcome.NotAsked, PortMappingProtocols.None, null, "")]
    [InlineData(PortMappingOutcome.NoService, PortMappingProtocols.None, null, ", no port mapping service")]
    [InlineData(PortMappingOutcome.Refused, PortMappingProtocols.NatPmp, null, ", port mapping refused by the router (NAT-PMP)")]
    [InlineData(PortMappingOutcome.SecondNat, PortMappingProtocols.None, null, ", two NATs, so no port mapping")]
    [InlineData(PortMappingOutcome.Mapped, PortMappingProtocols.Pcp, "same", ", port 4301 forwarded by PCP")]
    [InlineData(PortMappingOutcome.Mapped, PortMappingProtocols.Upnp, "8.8.8.8:4301", ", two NATs, so no port mapping")]
    [InlineData(PortMappingOutcome.Mapped, PortMappingProtocols.Upnp, "100.64.0.1:4301", ", two NATs, so no port mapping")]
    public void What_the_router_does_on_request_is_one_of_the_facts(PortMappingOutcome outcome, PortMappingProtocols protocol, string? outside, string expected)
    {
        var external = outside == "same" ? Home.MappedEndpoint?.WithPort(4301) : UdpEndpoint.TryParse(outside, out var other) ? other : (UdpEndpoint?)null;
        var report = Home with { SecondNatHint = true, PortMapping = new PortMappingReport(outcome) { Protocol = protocol, External = external } };
        var hint = expected.Contains("two NATs", StringComparison.Ordinal) ? "" : ", a second NAT at your provider is likely";
        Assert.Equal($"EIM mapping, APDF filtering, port kept{hint}{expected}, IPv6 yes", report.Detail);
        Assert.Equal(outside == "same", report.ForwardedEndpoint is not null);
        Assert.Equal(outside == "same", report.Advice.Contains("your ticket alone is enough", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "forwarded by PCP,", true)]
    [InlineData(true, "forwarded by PCP (tested from outside),", true)]
    [InlineData(false, "forwarded by PCP but closed from outside,", false)]
    public void A_forwarded_port_by_which_nothing_comes_in_is_not_promised(bool? letsIn, string expected, bool isEnough)
    {
        var mapping = new PortMappingReport(PortMappingOutcome.Mapped) { Protocol = PortMappingProtocols.Pcp, External = Home.MappedEndpoint?.WithPort(4301), LetsIn = letsIn };
        var report = Home with { PortMapping = mapping };
        Assert.Contains(expected, report.Detail, StringComparison.Ordinal);
        Assert.Equal(isEnough, report.Advice.Contains("your ticket alone is enough", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FilteringBehavior.EndpointIndependent, "IPv6 yes, open to all")]
    [InlineData(FilteringBehavior.AddressDependent, "IPv6 yes, behind a firewall")]
    [InlineData(FilteringBehavior.AddressAndPortDependent, "IPv6 yes, behind a firewall")]
    [InlineData(FilteringBehavior.Unknown, "IPv6 yes")]
    public void Who_gets_in_by_IPv6_is_told(FilteringBehavior filtering, string expected)
    {
        foreach (var report in (NetworkReport[])[Home, Home with { MappedEndpoint = null }])
        {
            var told = report with { IPv6Works = true, IPv6Filtering = filtering };
            Assert.EndsWith($", {expected}", told.Detail, StringComparison.Ordinal);
            Assert.Equal(filtering == FilteringBehavior.EndpointIndependent, told.Advice.Contains("Anyone who has IPv6 and your ticket can reach you", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Without_IPv4_those_with_IPv6_can_be_reached()
    {
        var blocked = Home with { MappedEndpoint = null };
        Assert.Contains("who have IPv6 too", (blocked with { IPv6Works = true }).Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("IPv6", (blocked with { IPv6Works = false }).Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Early_packets_that_disturb_change_the_advice()
    {
        var spoilt = Home with { EarlyPackets = EarlyPacketEffect.SpoilsMapping };
        Assert.Equal(FirewallType.PortRestrictedCone, spoilt.Firewall);
        Assert.NotEqual(Home.Advice, spoilt.Advice);
    }

    [Fact]
    public void Every_name_has_an_advice_in_whole_sentences_that_fits_two_lines()
    {
        var reports = from mapping in Enum.GetValues<MappingBehavior>()
                      from filtering in Enum.GetValues<FilteringBehavior>()
                      from early in Enum.GetValues<EarlyPacketEffect>()
                      select Home with { Mapping = mapping, Filtering = filtering, EarlyPackets = early };
        NetworkReport[] all = [.. reports, Home with { MappedEndpoint = null }, Home with { MappedEndpoint = null, IPv6Works = false }, new NetworkReport()];
        Assert.Equal(Enum.GetValues<FirewallType>(), all.Select(report => report.Firewall).Distinct().Order());
        Assert.All(all, report =>
        {
            Assert.EndsWith(".", report.Advice, StringComparison.Ordinal);
            Assert.InRange(report.Advice.Length, 20, 160);
            Assert.DoesNotContain('\n', report.Advice + report.Detail);
        });
    }
}
