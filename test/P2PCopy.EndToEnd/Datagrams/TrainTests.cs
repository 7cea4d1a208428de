using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.Datagrams.IO.Receiving;
using P2PCopy.Datagrams.IO.Sending;
using P2PCopy.Datagrams.IO.Waiting;

namespace P2PCopy.EndToEnd.Datagrams;

/// <summary>Datagrams that leave and arrive many at a time, by every way in and out that runs here, in all combinations.</summary>
public sealed class TrainTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string, string> Ways
    {
        get
        {
            var ways = new TheoryData<string, string, string>();
            foreach (var address in (string[])["127.0.0.1", "::1"])
                foreach (var sender in (string[])["system", "portable", "windows"])
                    foreach (var receiver in (string[])["system", "portable"]) ways.Add(address, sender, receiver);
            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Each_datagram_arrives_as_it_was(string address, string sender, string receiver)
    {
        Transmit[] sent =
        [
            .. Lengths(1472, 1472, 1472, 700, 1472, 1, 1200, 1200, 9216, 9216, 20, 20, 20),
            .. Lengths(1200).Select(transmit => transmit with { DontFragment = true }),
            .. Lengths(1472).Select(transmit => transmit with { DontFragment = true }),
            .. Lengths(1200, 1200, 1200, 600),
            .. Enumerable.Repeat(new Transmit(1472, default), 200),
        ];
        var ear = new Volley(sent.Length);
        using var there = Open(address, receiver);
        there.Add(ear);
        using var here = Open(address, sender);
        var mouth = new Volley();
        here.Add(mouth);
        using (here.EnterTurn())
            for (var i = 0; i < sent.Length; i++) mouth.Send(sent[i] with { Destination = there.LocalEndpoint }, (byte)i);

        await ear.Complete.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(sent.Select((transmit, i) => (transmit.Length, (byte)i, here.LocalEndpoint)), ear.Heard);
        Assert.Equal(0, here.SendErrors);
    }

    [Theory]
    [InlineData("system")]
    [InlineData("portable")]
    public async Task An_empty_datagram_and_one_that_is_too_long_disturb_nobody(string receiver)
    {
        var ear = new Volley(3);
        using var there = Open("127.0.0.1", receiver);
        there.Add(ear);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        foreach (var length in (int[])[100, 0, 20_000, 100]) peer.SendTo(new byte[length], there.LocalEndpoint.ToIPEndPoint());

        await ear.Complete.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal([100, 0, 100], ear.Heard.Select(heard => heard.Length));
    }

    [Fact]
    public void Trains_leave_in_one_call_where_the_system_can()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using var socket = UdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        using var sender = LinuxSender.TryCreate(socket)!;
        using var receiver = LinuxReceiver.TryCreate(socket)!;
        var batch = new ReceiveBatch();

        Assert.Equal(0, sender.Send(new byte[5000], 1472, UdpEndpoint.From((IPEndPoint)socket.LocalEndPoint!)));
        receiver.Receive(batch);

        Assert.True(sender.Segments);
        Assert.True(receiver.Coalesces);
        Assert.Equal((5000, 1472), (batch[0].Length, batch[0].DatagramBytes));
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public async Task No_datagram_costs_memory()
    {
        const int Rounds = 300;
        var ear = new Volley(Rounds * 44);
        using var there = Open("127.0.0.1", "system");
        there.Add(ear);
        using var here = Open("127.0.0.1", "system");
        var mouth = new Volley();
        here.Add(mouth);
        var sent = 0;
        var isHeard = () => ear.Count == sent;
        for (var round = 0; round < Rounds; round++)
        {
            using (here.EnterTurn())
                for (var i = 0; i < 44; i++) mouth.Send(new Transmit(1472, there.LocalEndpoint), (byte)i);
            sent += 44;

            // A socket holds only so much: what is sent faster than a busy machine receives is lost.
            Assert.True(SpinWait.SpinUntil(isHeard, Limit), $"{ear.Count} of {sent}");
        }

        await ear.Complete.WaitAsync(Limit, TestContext.Current.CancellationToken);

        // What waits for a lock is allocated once, and not by each datagram.
        Assert.InRange(LastTwoThirds(ear.AllocatedWhenHeard), 0, 1000);
        using (here.EnterTurn()) Assert.InRange(LastTwoThirds(mouth.AllocatedWhenSent), 0, 1000);

        static long LastTwoThirds(List<long> allocated) => allocated[^1] - allocated[allocated.Count / 3];
    }

    private static IEnumerable<Transmit> Lengths(params int[] lengths) => lengths.Select(length => new Transmit(length, default));

    private static UdpDriver Open(string address, string way)
    {
        var socket = UdpSocket.Open(new IPEndPoint(IPAddress.Parse(address), 0));
        return way switch
        {
            "portable" => new UdpDriver(UdpPort.OpenPortable(socket), new SelectWaiter(socket)),
            "windows" => new UdpDriver(new UdpPort(socket, new WindowsSender(socket), new SocketReceiver(socket)), new SelectWaiter(socket)),
            _ => new UdpDriver(socket),
        };
    }
}
