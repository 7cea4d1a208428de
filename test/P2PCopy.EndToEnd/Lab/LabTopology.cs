using System.Globalization;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// The usual picture: hosts, each behind routers of its own or bare, around one namespace that is the internet with its servers.
/// <code>host A – router A – internet – router B – host B</code>
/// Outer addresses are ordinary unicast ones (25.x.1.0/24), since port-mapping daemons refuse those reserved for documentation;
/// none of them leaves the namespaces.
/// </summary>
internal sealed class LabTopology
{
    private const int FirstSite = 6;

    private readonly NetworkLab _lab;
    private int _sites;

    public LabTopology(NetworkLab lab)
    {
        _lab = lab;
        Internet = lab.Add("internet");
        foreach (var address in ServerAddresses) Internet.Ip($"addr add {address}/32 dev lo");
        Internet.Ip($"addr add {ServerAddressV6}/128 dev lo\naddr add {OtherServerAddressV6}/128 dev lo");
        Internet.Sysctl("net.ipv4.ip_forward", 1);
        Internet.Sysctl("net.ipv6.conf.all.forwarding", 1);

        // The real internet is some routers wide: what lives for few hops does not come out at its other end.
        Internet.Nft("""
            table ip routers_of_lab {
                chain through {
                    type filter hook forward priority filter; policy accept;
                    ip ttl < 8 drop;
                }
            }
            """);
    }

    /// <summary>Where servers can listen: two addresses of one operator, and two of others.</summary>
    public static IReadOnlyList<string> ServerAddresses { get; } = ["203.0.113.10", "203.0.113.11", "192.0.2.33", "198.51.100.44"];

    /// <summary>An address of the first operator in the other family, for sites that have IPv6.</summary>
    public const string ServerAddressV6 = "2a10:53::10";

    /// <summary>Where the same server answers from when it is asked to use another address.</summary>
    public const string OtherServerAddressV6 = "2a10:53::11";

    /// <summary>The machine in the middle, where the servers are.</summary>
    public LabNamespace Internet { get; }

    /// <summary>A machine behind a NAT, or behind several: the first is its own, the last the provider's; without any its address is public.</summary>
    public LabHost AddHost(string name, params LabNat[] nats)
    {
        if (nats is [{ IsOnHost: true }])
        {
            var closed = AddHost(name);
            LabNat.CloseHost(closed.Machine);
            return closed;
        }

        var site = AddSite(name, nats);
        VethLink.Connect(site.Near, site.Far);
        return AddBehind(site, name, nats);
    }

    /// <summary>As above, with an emulated link to the internet; the knobs are those of the link emulator, outwards before inwards.</summary>
    public async Task<LabHost> AddHostAsync(string name, string uplinkKnobs, params LabNat[] nats) =>
        (await AddHostWithLinkAsync(name, uplinkKnobs, nats)).Host;

    /// <summary>As above; the link can be cut and mended.</summary>
    public async Task<(LabHost Host, LinkEmulatorProcess Uplink)> AddHostWithLinkAsync(string name, string uplinkKnobs, params LabNat[] nats)
    {
        var site = AddSite(name, nats);
        var uplink = await LinkEmulatorProcess.StartAsync(site.Near, site.Far, uplinkKnobs);
        return (AddBehind(site, name, nats), uplink);
    }

    /// <summary>Two machines with a cable between them, and nothing else.</summary>
    public static (LabHost, LabHost) AddIsland(NetworkLab lab)
    {
        var (one, other) = (lab.Add("island-one"), lab.Add("island-other"));
        VethLink.Connect(new LinkEnd(one, "eth0", "192.168.5.1/24"), new LinkEnd(other, "eth0", "192.168.5.2/24"));
        return (new LabHost(one, "192.168.5.1", "", []), new LabHost(other, "192.168.5.2", "", []));
    }

    /// <summary>Two machines at a switch, of which the second's cable is not plugged in yet.</summary>
    /// <returns>The machines, and what plugs the cable in.</returns>
    public static (LabHost Here, LabHost Late, Action PlugIn) AddIslandWithALooseCable(NetworkLab lab)
    {
        var (plugged, loose, box) = (lab.Add("plugged"), lab.Add("loose"), lab.Add("switch"));
        box.Ip("link add lan type bridge\nlink set lan up");
        VethLink.Connect(new LinkEnd(plugged, "eth0", "192.168.5.1/24"), new LinkEnd(box, "port1", null));
        VethLink.Connect(new LinkEnd(loose, "eth0", "192.168.5.2/24"), new LinkEnd(box, "port2", null));
        box.Ip("link set port1 master lan\nlink set port2 master lan\nlink set port2 down");
        return (new LabHost(plugged, "192.168.5.1", "", []), new LabHost(loose, "192.168.5.2", "", []), () => box.Ip("link set port2 up"));
    }

    /// <summary>Another machine in the same local network.</summary>
    public LabHost AddSibling(string name, LabHost host)
    {
        var address = $"{Network(host.Address)}.3";
        var sibling = _lab.Add(name);
        ConnectToLan(sibling, "eth0", $"{address}/24", host.Routers[0], "port1");
        return host with { Machine = sibling, Address = address };
    }

    /// <summary>Takes a machine from its network into that of another, where it gets another address, as with a phone that leaves the house.</summary>
    public static void Move(LabHost host, LabHost neighbour)
    {
        host.Machine.Ip("link set eth0 down");
        ConnectToLan(host.Machine, "eth1", $"{Network(neighbour.Address)}.3/24", neighbour.Routers[0], "port1");
    }

    /// <summary>A site gets another public address, as providers do it every night; its router begins anew with that.</summary>
    public static void ChangePublicAddress(LabHost host)
    {
        var (router, network) = (host.Routers[^1], Network(host.PublicAddress));
        router.Ip($"addr del {host.PublicAddress}/24 dev wan\naddr add {network}.77/24 dev wan\nroute replace default via {network}.1");
        LabNat.Forget(router);
    }

    /// <summary>From now on no packet of more than this gets to or from a site in one piece.</summary>
    public void Narrow(LabHost host, int mtu)
    {
        host.Routers[^1].Ip($"link set wan mtu {mtu}");
        Internet.Ip($"link set {NameOfSite(host)} mtu {mtu}");
    }

    /// <summary>
    /// Gives a machine behind one router IPv6 too: routed, not translated, and the router lets in answers only, as those at home do;
    /// or everybody.
    /// </summary>
    public void AddIPv6(LabHost host, bool isOpen = false)
    {
        var router = Assert.Single(host.Routers);
        var site = host.PublicAddress.Split('.')[1];
        router.Sysctl("net.ipv6.conf.all.forwarding", 1);
        router.Ip($"addr add 2a10:{site}:0::2/64 dev wan\naddr add 2a10:{site}:1::1/64 dev lan\nroute add default via 2a10:{site}:0::1");
        if (!isOpen)
        {
            router.Nft("""
            table ip6 firewall_of_lab {
                chain through {
                    type filter hook forward priority filter; policy drop;
                    iifname lan accept;
                    ct state established,related accept;
                }
                chain itself {
                    type filter hook input priority filter; policy accept;
                    ct state established,related accept;
                    iifname wan meta l4proto udp drop;
                }
            }
            """);
        }

        Internet.Ip(
            $"addr add 2a10:{site}:0::1/64 dev {NameOfSite(host)}\n"
            + $"route add 2a10:{site}:1::/64 via 2a10:{site}:0::2");
        host.Machine.Ip($"addr add 2a10:{site}:1::2/64 dev eth0\nroute add default via 2a10:{site}:1::1");
    }

    private Site AddSite(string name, LabNat[] nats)
    {
        var number = Interlocked.Increment(ref _sites);
        var outermost = _lab.Add(nats.Length == 0 ? name : $"{name}-nat");
        return new Site(
            number,
            new LinkEnd(outermost, nats.Length == 0 ? "eth0" : "wan", $"25.{FirstSite + number}.1.2/24"),
            new LinkEnd(Internet, $"site{number}", $"25.{FirstSite + number}.1.1/24"));
    }

    private LabHost AddBehind(Site site, string name, LabNat[] nats)
    {
        var outermost = site.Near.Machine;
        outermost.Ip($"route add default via 25.{FirstSite + site.Number}.1.1");
        var publicAddress = $"25.{FirstSite + site.Number}.1.2";
        if (nats.Length == 0) return new LabHost(outermost, publicAddress, publicAddress, []);

        var (router, address) = (outermost, publicAddress);
        var routers = new List<LabNamespace> { router };
        for (var level = nats.Length - 1; level >= 0; level--)
        {
            // Inside a provider's NAT stand addresses that RFC 6598 reserves for that.
            var network = level == 0 ? $"10.{site.Number}.0" : $"100.64.{level}";
            router.Ip($"link add lan type bridge\nlink set lan up\naddr add {network}.1/24 dev lan");
            nats[level].ApplyTo(router, $"{network}.2", address);
            address = $"{network}.2";
            if (level == 0) break;
            var inner = _lab.Add($"{name}-nat{level - 1}");
            ConnectToLan(inner, "wan", $"{address}/24", router, "port0");
            routers.Insert(0, router = inner);
        }

        var host = _lab.Add(name);
        ConnectToLan(host, "eth0", $"{address}/24", router, "port0");
        return new LabHost(host, address, publicAddress, routers);
    }

    private static string NameOfSite(LabHost host) => $"site{int.Parse(host.PublicAddress.Split('.')[1], CultureInfo.InvariantCulture) - FirstSite}";

    private static string Network(string address) => address[..address.LastIndexOf('.')];

    private static void ConnectToLan(LabNamespace machine, string interfaceName, string address, LabNamespace router, string port)
    {
        VethLink.Connect(new LinkEnd(machine, interfaceName, address), new LinkEnd(router, port, null));
        router.Ip($"link set {port} master lan");
        machine.Ip($"route add default via {Network(address)}.1");
    }

    private readonly record struct Site(int Number, LinkEnd Near, LinkEnd Far);
}
