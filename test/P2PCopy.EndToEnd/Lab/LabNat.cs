namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// How a router translates and filters (the terms are RFC 4787's), as the few lines of nftables that make it so. The interface
/// towards the hosts is called <c>lan</c>, the other <c>wan</c>.
/// </summary>
internal sealed record LabNat(string Name)
{
    private const string Table = "nat_of_lab";
    private const string Translation = "after";

    /// <summary>By how much the ports of <see cref="SymmetricStepping"/> grow.</summary>
    public const int Step = 16;

    // Enough that a long run does not come to the end of them.
    private const int Steps = 1500;

    private static readonly TimeSpan UsualLife = TimeSpan.FromSeconds(120);

    /// <summary>Endpoint-independent mapping, address- and port-dependent filtering: most home routers. It drops what it does not know.</summary>
    public static LabNat PortRestricted { get; } = new("port-restricted");

    /// <summary>
    /// As <see cref="PortRestricted"/>, but it takes unknown packets as its own: then a packet that comes before ours occupies the
    /// tuple that ours would need, and ours leaves from another port.
    /// </summary>
    public static LabNat SpoiltByEarlyPackets { get; } = new("spoilt by early packets") { Input = "accept" };

    /// <summary>
    /// As <see cref="PortRestricted"/>, but the port is drawn at random, and drawn anew when the mapping has ended: the others would give the
    /// same port again, so that nobody would notice the end.
    /// </summary>
    public static LabNat Forgetful { get; } = new("forgetful")
    {
        Forward = "iifname lan oifname wan meta l4proto udp update @ports { udp sport : numgen random mod 20000 offset 40000 }",
        Postrouting = "meta l4proto udp snat to WAN : udp sport map @ports",
    };

    /// <summary>Endpoint-independent mapping and filtering.</summary>
    public static LabNat FullCone { get; } = new("full cone") { Prerouting = "iifname wan udp dport 1024-65535 dnat to HOST" };

    /// <summary>Endpoint-independent mapping, address-dependent filtering.</summary>
    public static LabNat Restricted { get; } =
        new("restricted") { Prerouting = "iifname wan udp dport . ip saddr @seen dnat to HOST" };

    /// <summary>Address- and port-dependent mapping to random ports.</summary>
    public static LabNat Symmetric { get; } = new("symmetric") { Postrouting = "masquerade fully-random" };

    /// <summary>
    /// Address- and port-dependent mapping to ports that step. They come from a table: a mere number would land byte-swapped, and then
    /// steps unevenly once in 256 times.
    /// </summary>
    public static LabNat SymmetricStepping { get; } = new("symmetric, stepping")
    {
        Postrouting = $"meta l4proto udp snat to WAN : numgen inc mod {Steps} map {{ {string.Join(", ", Enumerable.Range(0, Steps).Select(i => $"{i} : {40_000 + (Step * i)}"))} }}",
    };

    /// <summary>As <see cref="Symmetric"/>, but all ports are of one block, as carriers give one to each customer.</summary>
    public static LabNat SymmetricBlock { get; } = new("symmetric, in a block") { Postrouting = "meta l4proto udp masquerade to :40960-43007 fully-random" };

    /// <summary>No translation: the host's own firewall lets in answers only.</summary>
    public static LabNat Firewall { get; } = new("firewall") { IsOnHost = true };

    /// <summary>Lets no UDP through.</summary>
    public static LabNat UdpBlocked { get; } = new("UDP blocked") { Forward = "meta l4proto udp drop" };

    /// <summary>How long a mapping lives without traffic; the kernel's 30 and 120 s when <see langword="null"/>.</summary>
    public TimeSpan? MappingLife { get; init; }

    /// <summary>Whether it is no router but a part of the host.</summary>
    public bool IsOnHost { get; private init; }

    private string Prerouting { get; init; } = "";

    private string Postrouting { get; init; } = "masquerade";

    private string Input { get; init; } = "drop";

    private string Forward { get; init; } = "";

    public override string ToString() => Name;

    /// <summary>Makes a router forget all that passes through it, as when it is started anew; what goes on gets the same ports again.</summary>
    public static void Forget(LabNamespace router) => router.Run("conntrack", "-F");

    /// <summary>
    /// Makes everything in front of a host as it was in the beginning. A program that happens to get the port of one that ran there a minute
    /// before would else find doors open that the other one opened.
    /// </summary>
    public static void Renew(LabHost host)
    {
        foreach (var router in host.Routers) router.Nft($"flush set ip {Table} seen\nflush map ip {Table} ports");
        foreach (var machine in host.Routers.Prepend(host.Machine)) Forget(machine);
    }

    /// <summary>What the routers in front of a host know of what passed, and how often each rule applied: for those who look for a cause.</summary>
    public static string Describe(LabHost host) => string.Join('\n', host.Routers.Select(router =>
        $"# {router.Name}\n{router.Run("conntrack", "-L", "-p", "udp", "-o", "extended")}{router.Run("nft", "list", "table", "ip", Table)}"));

    /// <summary>Makes a router forget, and give other ports to what goes on.</summary>
    public static void Renumber(LabNamespace router)
    {
        router.Nft($"flush chain ip {Table} {Translation}\nadd rule ip {Table} {Translation} oifname wan masquerade fully-random");
        Forget(router);
    }

    /// <summary>
    /// Makes a router forward a port to a machine inside, for those inside too (hairpin): they see the router's inner address then.
    /// </summary>
    public static void ForwardPort(LabNamespace router, string wanAddress, int port, string hostAddress) => router.Nft($$"""
        add rule ip {{Table}} before ip daddr {{wanAddress}} udp dport {{port}} dnat to {{hostAddress}}
        add rule ip {{Table}} {{Translation}} oifname lan ct status dnat masquerade
        """);

    /// <summary>Makes a host with a public address let in answers only.</summary>
    public static void CloseHost(LabNamespace host) => host.Nft($$"""
        table ip {{Table}} {
            chain itself {
                type filter hook input priority filter; policy drop;
                iifname lo accept;
                ct state established,related accept;
            }
        }
        """);

    /// <summary>Makes a router behave so.</summary>
    /// <param name="router">The namespace, with its interfaces <c>lan</c> and <c>wan</c>.</param>
    /// <param name="hostAddress">Whom unsolicited packets are for, where they pass.</param>
    /// <param name="wanAddress">The router's outer address.</param>
    public void ApplyTo(LabNamespace router, string hostAddress, string wanAddress)
    {
        router.Sysctl("net.ipv4.ip_forward", 1);
        // In the set, "timeout" outlives every test: it stands for a filter that remembers whom the host spoke to.
        router.Nft($$"""
            table ip {{Table}} {
                set seen { type inet_service . ipv4_addr; flags dynamic,timeout; timeout 600s; }
                map ports { type inet_service : inet_service; flags dynamic,timeout; timeout {{(MappingLife ?? UsualLife).TotalSeconds:0}}s; }
                chain before { type nat hook prerouting priority dstnat; policy accept; {{Prerouting.Replace("HOST", hostAddress, StringComparison.Ordinal)}}; }
                chain {{Translation}} { type nat hook postrouting priority srcnat; policy accept; oifname wan {{Postrouting.Replace("WAN", wanAddress, StringComparison.Ordinal)}}; }
                chain through {
                    type filter hook forward priority filter; policy drop;
                    {{Forward}};
                    iifname lan oifname wan meta l4proto udp add @seen { udp sport . ip daddr };
                    iifname lan accept;
                    ct state established,related accept;
                    ct status dnat accept;
                    counter;
                }
                chain itself {
                    type filter hook input priority filter; policy accept;
                    ct state established,related accept;
                    iifname wan meta l4proto udp counter {{Input}};
                }
            }
            """);
        router.Sysctl("net.netfilter.nf_conntrack_acct", 1);
        // Connection tracking exists in a namespace from its first rule on, and its settings with it.
        if (MappingLife is not { } life) return;
        router.Sysctl("net.netfilter.nf_conntrack_udp_timeout", (int)life.TotalSeconds);
        router.Sysctl("net.netfilter.nf_conntrack_udp_timeout_stream", (int)life.TotalSeconds);
    }
}
