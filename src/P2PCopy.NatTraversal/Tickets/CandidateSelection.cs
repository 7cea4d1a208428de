using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>Which of this computer's addresses a peer is told: those by which it may get here, and few.</summary>
internal static class CandidateSelection
{
    private const int OtherInterfaces = 2;

    // Bridges to virtual machines and containers of this computer; without a router nobody else is on them.
    private static readonly string[] Bridges =
        ["docker", "br-", "veth", "vEthernet", "virbr", "podman", "cni", "lxcbr", "lxdbr", "incusbr", "vboxnet", "vmnet"];

    /// <summary>IPv4 addresses: that of the default route, then one of each of two other interfaces in a private network.</summary>
    public static IEnumerable<UdpEndpoint> IPv4(IReadOnlyList<HostAddress> all, ushort port)
    {
        // PROTOCOL TKT-13.
        var usable = all.Where(host => host.Address.IsIPv4 && IsUsable(host)).ToArray();
        var first = usable.FirstOrDefault(host => host.IsPreferred) ?? usable.FirstOrDefault(host => host.HasGateway);
        var others = usable
            .Where(host => AddressKind.IsInside(host.Address) && host.Interface != first?.Interface)
            .OrderByDescending(host => host.HasGateway)
            .DistinctBy(host => host.Interface)
            .Take(first is null ? OtherInterfaces + 1 : OtherInterfaces);
        return (first is null ? others : others.Prepend(first)).Select(host => host.Address.WithPort(port));
    }

    /// <summary>Global IPv6 addresses: the one that the internet sees, and one that stays longer.</summary>
    /// <param name="all">The addresses of this computer.</param>
    /// <param name="seen">The address a STUN server saw, with any port.</param>
    /// <param name="port">The port of the socket.</param>
    public static IEnumerable<UdpEndpoint> GlobalIPv6(IReadOnlyList<HostAddress> all, UdpEndpoint? seen, ushort port)
    {
        var usable = all.Where(host => AddressKind.IsGlobalIPv6(host.Address) && IsUsable(host)).ToArray();
        var preferred = usable.FirstOrDefault(host => seen is { } address && host.Address.SameAddress(address)) ?? usable.FirstOrDefault(host => host.IsPreferred);
        var stable = usable
            .Where(host => !host.IsTemporary && host.Interface == preferred?.Interface && host != preferred)
            .OrderByDescending(host => host.Address.HighBits == preferred?.Address.HighBits)
            .FirstOrDefault();

        // Prefix translation (RFC 6296) keeps ports: what the servers saw is where we can be reached, and no address of ours.
        var first = seen is { } outside && AddressKind.IsGlobalIPv6(outside) ? outside : preferred?.Address;
        return new[] { first, stable?.Address }.OfType<UdpEndpoint>().Select(address => address.WithPort(port)).Distinct();
    }

    /// <summary>A unique local address of the default route's interface: it works in a network of several parts without the internet.</summary>
    public static IEnumerable<UdpEndpoint> UniqueLocal(IReadOnlyList<HostAddress> all, ushort port)
    {
        var interfaces = all.Where(host => host.IsPreferred).Select(host => host.Interface).ToArray();
        return all
            .Where(host => AddressKind.IsUniqueLocal(host.Address) && IsUsable(host) && interfaces.Contains(host.Interface))
            .OrderBy(host => host.IsTemporary)
            .Take(1)
            .Select(host => host.Address.WithPort(port));
    }

    /// <summary>Whether others may reach this computer by it.</summary>
    public static bool IsUsable(HostAddress host) =>
        !host.IsDeprecated
        && !AddressKind.IsLoopback(host.Address) && !AddressKind.IsLinkLocal(host.Address)
        && AddressKind.CanBePeer(host.Address.WithPort(1))
        && (host.HasGateway || !IsBridge(host.Interface));

    /// <summary>Whether an interface is named like a bridge to machines inside this computer.</summary>
    public static bool IsBridge(string name) => Bridges.Any(bridge => name.StartsWith(bridge, StringComparison.OrdinalIgnoreCase));
}
