using System.Text.Json;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>What our program says about each router of the lab: the names that users know, found out with real STUN servers.</summary>
[Collection(LabCollection.Name)]
public sealed class LabNatReportTests : IDisposable
{
    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabNatReportTests()
    {
        _net = new LabTopology(_lab);
        LabServers.Start(_net);
    }

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task Programs_get_one_object_and_addresses_only_when_they_ask_for_them()
    {
        var host = _net.AddHost("host", LabNat.Symmetric);
        foreach (var more in (string[][])[[], ["--addresses"]])
        {
            var run = host.StartProgram(["nat", "--json", .. more, .. LabServers.AllWords[..6]]);
            await run.AssertEndsAsync(0, TimeSpan.FromSeconds(60));
            using var report = JsonDocument.Parse(run.Output);
            Assert.Equal("Symmetric", report.RootElement.GetProperty("firewall").GetString());
            Assert.Equal("address-and-port-dependent", report.RootElement.GetProperty("mapping").GetString());
            Assert.Equal(more.Length > 0, run.Output.Contains(host.Address, StringComparison.Ordinal) && run.Output.Contains(host.PublicAddress, StringComparison.Ordinal));
            Assert.Equal("", run.Error);
        }
    }

    [LabFact]
    public async Task Who_gets_in_by_IPv6_is_found_out()
    {
        foreach (var (isOpen, expected) in new[] { (true, "IPv6 yes, open to all"), (false, "IPv6 yes, behind a firewall") })
        {
            var host = _net.AddHost(isOpen ? "open" : "closed", LabNat.PortRestricted);
            _net.AddIPv6(host, isOpen);
            var report = await host.StartProgram(["nat", .. LabServers.StunWordsOfBothFamilies]).AssertEndsAsync(0, TimeSpan.FromSeconds(60));
            Assert.Contains(expected, report, StringComparison.Ordinal);
        }
    }

    [LabFact]
    public async Task A_network_with_nothing_but_IPv6_is_called_that()
    {
        var host = _net.AddHost("host", LabNat.UdpBlocked);
        _net.AddIPv6(host);
        var report = await host.StartProgram(["nat", .. LabServers.StunWordsOfBothFamilies]).AssertEndsAsync(0, TimeSpan.FromSeconds(60));
        Assert.Contains("Your firewall is IPv6Only\n", report, StringComparison.Ordinal);
        Assert.Contains("Your network leads to the internet by IPv6 alone.", report, StringComparison.Ordinal);
    }

    [LabFact]
    public async Task Each_router_is_called_what_it_is()
    {
        (LabNat[] Nats, string Name, string Detail)[] networks =
        [
            ([], "OpenInternet", ""),
            ([LabNat.Firewall], "SymmetricUdpFirewall", "no NAT, APDF filtering"),
            ([LabNat.FullCone], "FullCone", "EIM mapping, EIF filtering"),
            ([LabNat.Restricted], "RestrictedCone", "EIM mapping, ADF filtering"),
            ([LabNat.PortRestricted], "PortRestrictedCone", "EIM mapping, APDF filtering"),
            ([LabNat.SpoiltByEarlyPackets], "PortRestrictedCone", "EIM mapping, APDF filtering, early packets disturb it"),
            ([LabNat.PortRestricted, LabNat.PortRestricted], "PortRestrictedCone", "EIM mapping, APDF filtering"),
            ([LabNat.Symmetric], "Symmetric", "APDM mapping, APDF filtering"),
            ([LabNat.SymmetricStepping], "Symmetric", "APDM mapping, APDF filtering"),
            ([LabNat.PortRestricted, LabNat.Symmetric], "Symmetric", ""),
            ([LabNat.UdpBlocked], "UdpBlocked", ""),
        ];
        var programs = networks.Select((network, i) => _net.AddHost($"host{i}", network.Nats).StartProgram(["nat", .. LabServers.StunWords]));
        var reports = await Task.WhenAll(programs.ToList().Zip(networks).Select(run =>
            run.First.AssertEndsAsync(run.Second.Name == "UdpBlocked" ? 3 : 0, TimeSpan.FromSeconds(60))));
        foreach (var (network, report) in networks.Zip(reports))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(" behind ", network.Nats.Select(nat => nat.Name))}\n{report}");
            Assert.Contains($"Your firewall is {network.Name}\n", report, StringComparison.Ordinal);
            Assert.Contains(network.Detail, report, StringComparison.Ordinal);
        }
    }
}
