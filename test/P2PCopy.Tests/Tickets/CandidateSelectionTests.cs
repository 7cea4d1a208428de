using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Tickets;

public sealed class CandidateSelectionTests
{
    private const ushort Port = 4300;

    private static readonly HostAddress Loopback = Host("127.0.0.1", "lo");
    private static readonly HostAddress Home = Host("192.168.1.23", "eth0") with { HasGateway = true, IsPreferred = true };
    private static readonly HostAddress Temporary = Host("[2001:db8:4a:1:9c2f:11ff:fe3a:2]", "eth0") with { HasGateway = true, IsPreferred = true, IsTemporary = true };
    private static readonly HostAddress Stable = Host("[2001:db8:4a:1::23]", "eth0") with { HasGateway = true };
    private static readonly HostAddress LocalV6 = Host("[fd12:3456:789a:1::23]", "eth0") with { HasGateway = true };

    // PROTOCOL TKT-13.
    [Fact]
    public void The_address_of_the_default_route_comes_first_and_two_other_networks_follow() =>
        Assert.Equal(
            ["192.168.1.23:4300", "100.101.102.103:4300", "10.8.0.2:4300"],
            IPv4(Loopback, Host("10.8.0.2", "tun0"), Host("100.101.102.103", "tailscale0") with { HasGateway = true }, Home, Host("172.20.10.3", "wlan0"), Host("192.168.1.24", "eth0")));

    [Fact]
    public void Without_a_preferred_address_the_one_with_a_router_counts() =>
        Assert.Equal(["203.0.113.5:4300", "10.8.0.2:4300"], IPv4(Host("10.8.0.2", "tun0"), Host("203.0.113.5", "eth0") with { HasGateway = true }));

    [Fact]
    public void Without_any_router_the_private_networks_remain() =>
        Assert.Equal(["10.0.0.1:4300", "10.0.1.1:4300", "10.0.2.1:4300"], IPv4(Host("10.0.0.1", "a"), Host("10.0.1.1", "b"), Host("10.0.2.1", "c"), Host("10.0.3.1", "d"), Host("198.51.100.4", "e")));

    [Theory]
    [InlineData("127.0.0.1", "lo")]
    [InlineData("169.254.3.4", "eth1")]
    [InlineData("172.17.0.1", "docker0")]
    [InlineData("172.18.0.1", "br-0f3a")]
    [InlineData("10.1.2.3", "veth12")]
    [InlineData("172.29.0.1", "vEthernet (WSL)")]
    [InlineData("192.168.122.1", "virbr0")]
    [InlineData("203.0.113.99", "eth1")]
    [InlineData("0.0.0.0", "eth1")]
    public void What_no_peer_reaches_is_left_out(string address, string name) => Assert.Equal(["192.168.1.23:4300"], IPv4(Host(address, name), Home));

    [Fact]
    public void A_bridge_with_a_router_is_a_network_like_any_other() =>
        Assert.Equal(["192.168.1.23:4300"], IPv4(Host("192.168.1.23", "br-lan") with { HasGateway = true, IsPreferred = true }));

    [Fact]
    public void The_IPv6_address_that_servers_saw_comes_first_and_a_stable_one_follows()
    {
        Assert.Equal(["[2001:db8:4a:1:9c2f:11ff:fe3a:2]:4300", "[2001:db8:4a:1::23]:4300"], IPv6(Temporary.Address.WithPort(50000), Stable, LocalV6, Temporary, Home));
        Assert.Equal(["[2001:db8:4a:1::23]:4300"], IPv6(Stable.Address, Temporary, Stable));
        Assert.Equal(["[2001:db8:4a:1:9c2f:11ff:fe3a:2]:4300", "[2001:db8:4a:1::23]:4300"], IPv6(null, Stable, Temporary));
    }

    [Fact]
    public void Where_a_router_translates_prefixes_the_outside_address_counts() =>
        Assert.Equal(["[2001:db8:ffff:1::23]:4300"], IPv6(Address("[2001:db8:ffff:1::23]"), LocalV6 with { IsPreferred = true }));

    [Fact]
    public void Addresses_on_their_way_out_and_old_tunnels_are_not_told() =>
        Assert.Empty(IPv6(null, Stable with { IsDeprecated = true }, Host("[2002:c000:204::1]", "eth0"), Host("[2001:0:53aa:64c::1]", "eth0"), Host("[fe80::1]", "eth0")));

    [Fact]
    public void A_unique_local_address_is_taken_from_the_interface_of_the_default_route()
    {
        var elsewhere = Host("[fd99::1]", "tun0");

        Assert.Equal(["[fd12:3456:789a:1::23]:4300"], UniqueLocal(elsewhere, LocalV6 with { Address = Address("[fd12::5]"), IsTemporary = true }, LocalV6, Home));
        Assert.Empty(UniqueLocal(elsewhere, Home));
        Assert.Empty(UniqueLocal(LocalV6));
    }

    internal static HostAddress Host(string address, string name) => new(Address(address), name);

    private static UdpEndpoint Address(string text) =>
        UdpEndpoint.TryParse(text + ":1", out var endpoint) ? endpoint.WithPort(0) : throw new FormatException(text);

    private static string[] IPv4(params HostAddress[] all) => Texts(CandidateSelection.IPv4(all, Port));

    private static string[] IPv6(UdpEndpoint? seen, params HostAddress[] all) => Texts(CandidateSelection.GlobalIPv6(all, seen, Port));

    private static string[] UniqueLocal(params HostAddress[] all) => Texts(CandidateSelection.UniqueLocal(all, Port));

    private static string[] Texts(IEnumerable<UdpEndpoint> endpoints) => [.. endpoints.Select(endpoint => endpoint.ToString())];
}
