using System.Text.Json;
using P2PCopy.Cli.Commands;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.Report;
using P2PCopy.Tests.House;

namespace P2PCopy.Tests.Cli;

/// <summary>The network report that programs read: what is in it, that docs/cli.md names all of it, and that nothing private is in it unasked.</summary>
public sealed class NetworkReportJsonTests
{
    private static NetworkReport Home { get; } = new()
    {
        LocalEndpoint = Endpoint("192.168.1.23", 4300),
        MappedEndpoint = Endpoint("25.7.1.2", 61000),
        Mapping = MappingBehavior.EndpointIndependent,
        Filtering = FilteringBehavior.AddressAndPortDependent,
        EarlyPackets = EarlyPacketEffect.SpoilsMapping,
        PortKept = false,
        IPv6Works = true,
        IPv6Filtering = FilteringBehavior.AddressAndPortDependent,
        IPv6Endpoint = UdpEndpoint.From(System.Net.IPAddress.Parse("2a10:53::7"), 50000),
        PortMapping = new PortMappingReport(PortMappingOutcome.Mapped) { Protocol = PortMappingProtocols.NatPmp, External = Endpoint("25.7.1.2", 4300) },
        ServersAsked = 4,
        ServersAnswered = 3,
    };

    [Fact]
    public void A_report_has_its_facts_under_stable_names()
    {
        var expected = """
            {
              "version": 1,
              "firewall": "PortRestrictedCone",
              "mapping": "endpoint-independent",
              "filtering": "address-and-port-dependent",
              "earlyPacketsSpoilMapping": true,
              "portKept": false,
              "portStep": null,
              "ipv6": true,
              "ipv6Filtering": "address-and-port-dependent",
              "secondNatLikely": false,
              "portMapping": {
                "outcome": "mapped",
                "protocol": "nat-pmp",
                "reachable": true,
                "testedFromOutside": null
              },
              "stunServers": {
                "asked": 4,
                "withoutAddress": 0,
                "answered": 3,
                "disagreeing": 0
              },
              "addresses": {
                "local": "192.168.1.23:4300",
                "mapped": "25.7.1.2:61000",
                "ipv6": "[2a10:53::7]:50000",
                "forwarded": "25.7.1.2:4300"
              },
              "detail": "DETAIL",
              "advice": "ADVICE"
            }
            """.Replace("\r", "", StringComparison.Ordinal);
        Assert.Equal(
            expected.Replace("DETAIL", Home.Detail, StringComparison.Ordinal).Replace("ADVICE", Home.Advice, StringComparison.Ordinal),
            NetworkReportJson.Of(Home, withAddresses: true));
    }

    [Fact]
    public void What_is_not_known_is_null()
    {
        using var json = JsonDocument.Parse(NetworkReportJson.Of(new NetworkReport(), withAddresses: false));
        foreach (var name in (string[])["mapping", "filtering", "earlyPacketsSpoilMapping", "portKept", "portStep", "ipv6", "ipv6Filtering"])
            Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty(name).ValueKind);
        Assert.Equal("Unknown", json.RootElement.GetProperty("firewall").GetString());
        Assert.Equal("not-asked", json.RootElement.GetProperty("portMapping").GetProperty("outcome").GetString());
    }

    [Fact]
    public void No_report_has_an_address_in_it_unless_asked()
    {
        foreach (var text in (string[])[NetworkReportJson.Of(Home, withAddresses: false), string.Join('\n', NetworkReportText.Lines(Home, withAddresses: false))])
        {
            foreach (var address in (string[])["192.168", "25.7.1", "2a10", "61000"]) Assert.DoesNotContain(address, text, StringComparison.Ordinal);
        }

        Assert.Contains("25.7.1.2:61000", string.Join('\n', NetworkReportText.Lines(Home, withAddresses: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_member_is_in_the_documentation()
    {
        var documentation = Repository.Read("docs/cli.md");
        using var json = JsonDocument.Parse(NetworkReportJson.Of(Home, withAddresses: true));
        Assert.All(Names(json.RootElement), name => Assert.Contains($"`{name}`", documentation, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(member => Names(member.Value).Prepend(member.Name))
        : [];

    private static UdpEndpoint Endpoint(string address, ushort port) => UdpEndpoint.From(System.Net.IPAddress.Parse(address), port);
}
