using System.Globalization;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>The port mapping service of a router: miniupnpd, which speaks PCP, NAT-PMP and UPnP IGD and writes its mappings into nftables.</summary>
internal sealed class Miniupnpd
{
    private const string Table = "port_mappings";
    private const int HttpPort = 5555;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly LabNamespace _router;
    private readonly string _configuration;
    private RealProcess _process;

    private Miniupnpd(LabNamespace router, string configuration)
    {
        (_router, _configuration) = (router, configuration);
        _process = Start();
    }

    /// <summary>The mappings that there are, as rules of nftables.</summary>
    public IReadOnlyList<string> Mappings =>
        [.. _router.Run("nft", "list", "chain", "inet", Table, "mapped").Split('\n').Where(line => line.Contains("dnat", StringComparison.Ordinal)).Select(line => line.Trim())];

    /// <summary>Until when each mapping lasts, as the router wrote it down: lines of protocol, outer port, inner address and port, second, name.</summary>
    public IReadOnlyList<DateTimeOffset> Leases => File.Exists(LeaseFile)
        ? [.. File.ReadLines(LeaseFile).Select(line => DateTimeOffset.FromUnixTimeSeconds(long.Parse(line.Split(':')[4], CultureInfo.InvariantCulture)))]
        : [];

    private string LeaseFile => $"{_configuration}.leases";

    /// <summary>Starts it on a router of the lab.</summary>
    /// <param name="router">The router, with its interfaces <c>lan</c> and <c>wan</c>.</param>
    /// <param name="pcp">Whether PCP and NAT-PMP are spoken.</param>
    /// <param name="upnp">Whether UPnP is.</param>
    public static async Task<Miniupnpd> StartAsync(LabNamespace router, bool pcp = true, bool upnp = true)
    {
        // The daemon fills the three chains that have no hook; what they let through the router's own rules let through as well.
        router.Nft($$"""
            table inet {{Table}} {
                chain allowed { }
                chain mapped { }
                chain masked { }
                chain through { type filter hook forward priority filter; policy accept; jump allowed; }
                chain before { type nat hook prerouting priority dstnat; policy accept; jump mapped; }
                chain after { type nat hook postrouting priority srcnat; policy accept; jump masked; }
            }
            """);
        var folder = router.Lab.AddFolder($"miniupnpd-{router.Name}");
        var configuration = Path.Combine(folder, "conf");
        File.WriteAllText(configuration, $"""
            ext_ifname=wan
            listening_ip=lan
            http_port={HttpPort}
            enable_natpmp={(pcp ? "yes" : "no")}
            enable_upnp={(upnp ? "yes" : "no")}
            secure_mode=yes
            system_uptime=no
            lease_file={configuration}.leases
            upnp_table_name={Table}
            upnp_nat_table_name={Table}
            upnp_forward_chain=allowed
            upnp_nat_chain=mapped
            upnp_nat_postrouting_chain=masked
            uuid=00000000-0000-4000-8000-000000000001
            allow 1024-65535 0.0.0.0/0 1024-65535

            """);
        var daemon = new Miniupnpd(router, configuration);
        await daemon.WaitUntilItListensAsync(pcp, upnp);
        return daemon;
    }

    /// <summary>Switches the router's service off and on: it has forgotten all mappings, and its clock begins anew.</summary>
    public async Task RestartAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Limit);
        File.Delete(LeaseFile);
        foreach (var chain in (string[])["allowed", "mapped", "masked"]) _router.Nft($"flush chain inet {Table} {chain}");
        _process = Start();
        await WaitUntilItListensAsync(pcp: true, upnp: false);
    }

    /// <summary>Waits until no mapping is left.</summary>
    public Task AssertEmptyAsync(string what) => Eventually.IsTrueAsync(() => Mappings.Count == 0, $"{what}: no mapping is left", TimeSpan.FromSeconds(5));

    public override string ToString() => _process.Transcript;

    private RealProcess Start() => _router.Start("miniupnpd", "-d", "-f", _configuration, "-P", $"{_configuration}.{Guid.NewGuid():n}.pid");

    private async Task WaitUntilItListensAsync(bool pcp, bool upnp)
    {
        if (upnp) await _process.WaitForWordsAsync("HTTP listening on port", Limit);
        if (pcp) await _process.WaitForWordsAsync("Listening for NAT-PMP/PCP traffic", Limit);
    }
}
