namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// The usual picture: hosts, each behind routers of its own or bare, around one namespace that is the internet with its servers.
/// <code>host A – router A – internet – router B – host B</code>
/// Outer addresses are ordinary unicast ones (25.x.1.0/24), since port-mapping daemons refuse those reserved for documentation;
/// none of them leaves the namespaces.
/// </summary>
internal sealed class LabTopology
{
    private readonly NetworkLab _lab;
    private int _sites;

    public LabTopology(NetworkLab lab)
    {
        _lab = lab;
        Internet = lab.Add("internet");
        foreach (var address in ServerAddresses) Internet.Ip($"addr add {address}/32 dev lo");
        Internet.Sysctl("net.ipv4.ip_forward", 1);
    }

    /// <summary>Where servers can listen: two addresses of one operator, and two of others.</summary>
    public static IReadOnlyList<string> ServerAddresses { get; } = ["203.0.113.10", "203.0.113.11", "192.0.2.33", "198.51.100.44"];

    /// <summary>The machine in the middle, where the servers are.</summary>
    public LabNamespace Internet { get; }

    /// <summary>A machine with a public address.</summary>
    public LabHost AddPublicHost(string name)
    {
        var (inside, outside) = NextSite();
        var host = _lab.Add(name);
        Connect(host, "eth0", outside);
        return new LabHost(host, inside, inside, []);
    }

    /// <summary>A machine behind a NAT, or behind several: the first is its own, the last the provider's.</summary>
    public LabHost AddHost(string name, params LabNat[] nats)
    {
        var (wan, outside) = NextSite();
        var routers = new List<LabNamespace>();
        var outer = Internet;
        var wanAddress = wan;
        for (var level = nats.Length - 1; level >= 0; level--)
        {
            var router = _lab.Add($"{name}-nat{level}");
            router.Ip("link add lan type bridge\nlink set lan up");
            if (level == nats.Length - 1) Connect(router, "wan", outside);
            else ConnectToLan(router, "wan", $"{wanAddress}/24", outer, $"to-{level}");
            var network = level == 0 ? $"10.{_sites}.0" : $"100.64.{level}";
            router.Ip($"addr add {network}.1/24 dev lan");
            nats[level].ApplyTo(router, $"{network}.2", wanAddress);
            routers.Insert(0, router);
            (outer, wanAddress) = (router, $"{network}.2");
        }

        var host = _lab.Add(name);
        ConnectToLan(host, "eth0", $"{wanAddress}/24", outer, "port0");
        return new LabHost(host, wanAddress, wan, routers);
    }

    /// <summary>Another machine in the same local network.</summary>
    public LabHost AddSibling(string name, LabHost host)
    {
        var address = $"{Network(host.Address)}.3";
        var sibling = _lab.Add(name);
        ConnectToLan(sibling, "eth0", $"{address}/24", host.Routers[0], "port1");
        return host with { Machine = sibling, Address = address };
    }

    private static string Network(string address) => address[..address.LastIndexOf('.')];

    private static void ConnectToLan(LabNamespace machine, string interfaceName, string address, LabNamespace router, string port)
    {
        VethLink.Connect(new LinkEnd(machine, interfaceName, address), new LinkEnd(router, port, null));
        router.Ip($"link set {port} master lan");
        machine.Ip($"route add default via {Network(address)}.1");
    }

    private void Connect(LabNamespace machine, string interfaceName, string internetAddress)
    {
        var network = Network(internetAddress);
        VethLink.Connect(
            new LinkEnd(machine, interfaceName, $"{network}.2/24"), new LinkEnd(Internet, $"site{_sites}", $"{internetAddress}/24"));
        machine.Ip($"route add default via {internetAddress}");
    }

    private (string Inside, string Outside) NextSite()
    {
        _sites++;
        return ($"25.{6 + _sites}.1.2", $"25.{6 + _sites}.1.1");
    }
}
