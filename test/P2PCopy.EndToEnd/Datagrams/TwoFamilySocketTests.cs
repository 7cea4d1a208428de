using System.Net;
using System.Net.Sockets;
using System.Text;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;

namespace P2PCopy.EndToEnd.Datagrams;

/// <summary>One socket for IPv4 and IPv6.</summary>
public sealed class TwoFamilySocketTests
{
    public TwoFamilySocketTests() => Assert.SkipUnless(Socket.OSSupportsIPv6, "needs IPv6");

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", false)]
    public async Task Peers_of_either_family_are_heard_and_answered_by_their_own_addresses(string address, bool isIPv4)
    {
        using var driver = Start(out _);
        using var peer = new Socket(isIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        var own = UdpEndpoint.From((IPEndPoint)peer.LocalEndPoint!);

        await peer.SendToAsync("hello"u8.ToArray(), SocketFlags.None, new IPEndPoint(IPAddress.Parse(address), driver.LocalEndpoint.Port));

        Assert.Equal(isIPv4, own.IsIPv4);
        Assert.Equal($"heard {own}", await HearAsync(peer));
    }

    [Fact]
    public async Task A_datagram_with_few_hops_leaves_and_changes_nothing_for_the_next()
    {
        using var driver = Start(out var machine);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using (driver.EnterTurn())
        {
            machine.Say("few", UdpEndpoint.From((IPEndPoint)peer.LocalEndPoint!), timeToLive: 2);
            machine.Say("many", UdpEndpoint.From((IPEndPoint)peer.LocalEndPoint!));
        }

        Assert.Equal("few", await HearAsync(peer));
        Assert.Equal("many", await HearAsync(peer));
        Assert.Equal(0, driver.SendErrors);
    }

    [Fact]
    public void A_port_that_another_program_uses_for_IPv4_is_in_use()
    {
        using var other = UdpSocket.Open(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;

        var failure = Assert.Throws<SocketException>(() => UdpSocket.Open(new IPEndPoint(IPAddress.IPv6Any, port), bothFamilies: true));

        Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);
    }

    private static UdpDriver Start(out SpokenWords machine)
    {
        var driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.IPv6Any, 0), bothFamilies: true));
        machine = new SpokenWords();
        driver.Add(machine);
        return driver;
    }

    private static async Task<string> HearAsync(Socket peer)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, await peer.ReceiveAsync(buffer, SocketFlags.None, limit.Token));
    }
}
