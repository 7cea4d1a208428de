using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.EndToEnd.NatTraversal;

public sealed class NetworkProbeTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly UdpDriver _driver = new(UdpSocket.Open(new IPEndPoint(IPAddress.Any, 0)));

    public void Dispose() => _driver.Dispose();

    [Fact]
    public async Task On_loopback_there_is_no_NAT_and_anybody_gets_in()
    {
        using var servers = LoopbackServers.Start();
        using var probe = Start(servers.Stun);
        var report = await probe.Report.WaitAsync(Limit, TestContext.Current.CancellationToken);
        var own = UdpEndpoint.From(IPAddress.Loopback, _driver.LocalEndpoint.Port);
        Assert.Equal(own, report.MappedEndpoint);
        Assert.Equal(own, report.LocalEndpoint);
        Assert.Equal(own, probe.MappedEndpoint);
        Assert.Equal(MappingBehavior.None, report.Mapping);
        Assert.Equal(servers.HasSecondAddress ? FirewallType.OpenInternet : FirewallType.SymmetricUdpFirewall, report.Firewall);
    }

    [Fact]
    public async Task A_socket_of_both_families_learns_its_IPv4_address()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "needs IPv6");
        using var driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.IPv6Any, 0), bothFamilies: true));
        using var servers = LoopbackServers.Start();
        using var probe = NetworkProbe.Start(driver, new NetworkProbeOptions { Servers = [servers.Stun] });
        var report = await probe.Report.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(UdpEndpoint.From(IPAddress.Loopback, driver.LocalEndpoint.Port), report.MappedEndpoint);
        Assert.Equal(report.MappedEndpoint, report.LocalEndpoint);
        Assert.Equal(MappingBehavior.None, report.Mapping);
    }

    [Fact]
    public async Task A_name_is_as_good_as_an_address()
    {
        using var servers = LoopbackServers.Start();
        using var probe = Start(new ServerName("localhost", servers.Stun.Port));
        var report = await probe.Report.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(_driver.LocalEndpoint.Port, report.MappedEndpoint?.Port);
    }

    [Fact]
    public async Task Names_that_do_not_resolve_do_not_hold_up_those_that_do()
    {
        using var servers = LoopbackServers.Start();
        using var probe = Start(new("one.invalid", 3478), new("two.invalid", 3478), servers.Stun, new("three.invalid", 3478));
        var report = await probe.Report.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(1, report.ServersAnswered);
    }

    [Fact]
    public async Task When_nobody_answers_the_report_says_so()
    {
        // A socket that is bound and never read: the questions vanish.
        using var silent = UdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        using var probe = Start(new ServerName("127.0.0.1", (ushort)((IPEndPoint)silent.LocalEndPoint!).Port));
        var report = await probe.Report.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(FirewallType.UdpBlocked, report.Firewall);
        Assert.Null(probe.MappedEndpoint);
    }

    [Fact]
    public async Task Asking_nobody_ends_at_once()
    {
        using var probe = Start();
        var report = await probe.Report.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(FirewallType.Unknown, report.Firewall);
    }

    [Fact]
    public async Task Disposed_early_it_still_gives_a_report()
    {
        using var silent = UdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        var probe = Start(new ServerName("127.0.0.1", (ushort)((IPEndPoint)silent.LocalEndPoint!).Port));
        probe.Dispose();
        probe.Dispose();
        Assert.Null((await probe.Report.WaitAsync(Limit, TestContext.Current.CancellationToken)).MappedEndpoint);
    }

    [Fact]
    public async Task IPv6_is_found_working_where_it_does()
    {
        using var socket = TryOpenIPv6();
        Assert.SkipWhen(socket is null, "this machine has no IPv6 on loopback");
        using var v6 = new UdpDriver(socket!);
        v6.Add(new StunServer(v6.LocalEndpoint));
        using var servers = LoopbackServers.Start();
        using var probe = Start(servers.Stun, new ServerName("::1", v6.LocalEndpoint.Port));
        var report = await probe.Report.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.True(report.IPv6Works);
        Assert.Equal(IPAddress.IPv6Loopback, report.IPv6Endpoint?.Address);
        Assert.EndsWith("IPv6 yes", report.Detail, StringComparison.Ordinal);
    }

    private NetworkProbe Start(params ServerName[] servers) => NetworkProbe.Start(_driver, new NetworkProbeOptions { Servers = servers });

    private static Socket? TryOpenIPv6()
    {
        try
        {
            return UdpSocket.Open(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
