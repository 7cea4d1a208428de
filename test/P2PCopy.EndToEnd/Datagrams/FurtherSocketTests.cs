using System.Net;
using System.Net.Sockets;
using System.Text;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Datagrams;

/// <summary>The sockets of a driver beside its main one.</summary>
public sealed class FurtherSocketTests
{
    private const ushort Count = 256;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Each_has_a_port_of_its_own_and_what_comes_to_it_is_answered_by_it()
    {
        using var driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0)));
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var machine = new SpokenWords();
        driver.Add(machine);
        using (driver.EnterTurn())
        {
            driver.Need(new SocketNeeds(1, Count, 0));
            for (ushort via = 1; via <= Count; via++) machine.Say($"{via}", Endpoint(peer).WithVia(via), timeToLive: 9);
        }

        var ports = new Dictionary<EndPoint, string>();
        for (var i = 0; i < Count; i++)
        {
            var (word, from) = await HearAsync(peer);
            Assert.True(ports.TryAdd(from, word), $"{from} twice");
        }

        Assert.Equal(Count, ports.Values.Distinct().Count());
        foreach (var (port, _) in ports.Take(20))
        {
            await peer.SendToAsync("hello"u8.ToArray(), SocketFlags.None, port);
            Assert.Equal(($"heard {Endpoint(peer)}", port), await HearAsync(peer));
        }
    }

    [Fact]
    public async Task What_is_not_needed_is_closed_and_the_one_that_is_kept_goes_on()
    {
        using var driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.IPv6Any, 0), bothFamilies: true));
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var machine = new SpokenWords();
        driver.Add(machine);
        using (driver.EnterTurn())
        {
            driver.Need(new SocketNeeds(7, 2, 0));
            machine.Say("seven", Endpoint(peer).WithVia(7));
            machine.Say("eight", Endpoint(peer).WithVia(8));
        }

        var heard = new[] { await HearAsync(peer), await HearAsync(peer) }.ToDictionary(one => one.Word, one => one.From);
        using (driver.EnterTurn()) driver.Need(new SocketNeeds(9, 0, 8));

        // The port of the other one is free again.
        await Eventually.IsTrueAsync(() => CanBind(((IPEndPoint)heard["seven"]).Port), "the socket is closed", Limit);
        Assert.False(CanBind(((IPEndPoint)heard["eight"]).Port));
        await peer.SendToAsync("hello"u8.ToArray(), SocketFlags.None, heard["eight"]);
        Assert.Equal(($"heard {Endpoint(peer)}", heard["eight"]), await HearAsync(peer));

        var errors = driver.SendErrors;
        using (driver.EnterTurn()) machine.Say("seven again", Endpoint(peer).WithVia(7));
        await Eventually.IsTrueAsync(() => driver.SendErrors > errors, "what goes by a closed socket is lost", Limit);
    }

    private static UdpEndpoint Endpoint(Socket socket) => UdpEndpoint.From((IPEndPoint)socket.LocalEndPoint!);

    private static bool CanBind(int port)
    {
        try
        {
            using var socket = UdpSocket.Open(new IPEndPoint(IPAddress.IPv6Any, port), bothFamilies: true);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<(string Word, EndPoint From)> HearAsync(Socket peer)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var buffer = new byte[100];
        var received = await peer.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), limit.Token);
        return (Encoding.ASCII.GetString(buffer, 0, received.ReceivedBytes), received.RemoteEndPoint);
    }
}
