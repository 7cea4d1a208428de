using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.EndToEnd.Datagrams;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>The emulated link measured by real traffic: it must do what its knobs say before anything is measured over it.</summary>
[Collection(LabCollection.Name)]
public sealed class LinkEmulatorTests : IDisposable
{
    private readonly NetworkLab _lab = new();
    private readonly LinkEnd _left;
    private readonly LinkEnd _right;

    public LinkEmulatorTests()
    {
        _left = new LinkEnd(_lab.Add("left"), "emu0", "10.77.0.1/24");
        _right = new LinkEnd(_lab.Add("right"), "emu0", "10.77.0.2/24");
    }

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task Delay_is_one_way_and_a_round_trip_takes_both()
    {
        await LinkEmulatorProcess.StartAsync(_left, _right, "--delay 20ms/5ms");
        var (left, right) = (new UdpProbe(_left.Machine), new UdpProbe(_right.Machine, "10.77.0.2"));
        var (forth, around) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 30; i++)
        {
            var start = Stopwatch.GetTimestamp();
            left.Say("ping", right.Local);
            var (_, from) = right.Hear();
            var arrived = Stopwatch.GetElapsedTime(start);
            right.Say("pong", from);
            left.Hear();
            forth = Min(forth, arrived);
            around = Min(around, Stopwatch.GetElapsedTime(start));
        }

        // The best of thirty is not disturbed by what else the machine does; less than the delay is impossible.
        Assert.InRange(forth.TotalMilliseconds, 20, 21);
        Assert.InRange(around.TotalMilliseconds, 25, 27);
    }

    [LabFact]
    public async Task The_share_that_is_asked_for_is_lost_and_all_else_arrives_in_order()
    {
        var link = await LinkEmulatorProcess.StartAsync(_left, _right, "--loss 0.05/0 --delay 100us --seed 9");
        var (left, right) = (new UdpProbe(_left.Machine), new UdpProbe(_right.Machine, "10.77.0.2"));
        const int Count = 4000;
        List<int> heard = [];
        for (var sent = 0; sent < Count;)
        {
            for (var end = sent + 50; sent < end; sent++) left.Say($"{sent}", right.Local);

            // When the marker comes, all before it has come or is lost; the marker may be lost itself.
            do left.Say("marker", right.Local);
            while (!HearUntilMarker(right, heard));
        }

        var (forth, back) = await link.StopAsync();
        Assert.Equal(heard.Order(), heard);
        Assert.Equal(heard.Distinct().Count(), heard.Count);

        // Five standard deviations around 200 of 4000.
        Assert.InRange(Count - heard.Count, 131, 269);
        Assert.InRange(forth.Lost, Count - heard.Count, Count - heard.Count + 30);
        Assert.Equal((forth.Sent - forth.Lost, 0), (forth.Delivered, back.Lost));
    }

    [LabTheory]
    [InlineData(20_000_000, "--rate 20M --queue 128k --delay 2ms")]
    [InlineData(200_000_000, "--rate 200M --queue 1M --delay 2ms")]
    public async Task Tcp_gets_the_rate_and_no_more(long bitsPerSecond, string knobs)
    {
        await LinkEmulatorProcess.StartAsync(_left, _right, knobs);
        var bytes = (int)(bitsPerSecond / 8);
        TcpListener? listener = null;
        Socket? client = null;
        _right.Machine.Enter(() =>
        {
            listener = _lab.Keep(new TcpListener(IPAddress.Parse("10.77.0.2"), 5000));
            listener.Start();
        });
        _left.Machine.Enter(() =>
        {
            client = _lab.Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            client.Connect("10.77.0.2", 5000);
        });
        using var server = await listener!.AcceptSocketAsync();
        var start = Stopwatch.GetTimestamp();
        var sending = Task.Run(() =>
        {
            var chunk = new byte[64 << 10];
            for (var sent = 0; sent < bytes;) sent += client!.Send(chunk.AsSpan(0, Math.Min(chunk.Length, bytes - sent)));
        });
        var buffer = new byte[256 << 10];
        for (var received = 0; received < bytes;) received += await server.ReceiveAsync(buffer);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await sending;

        // One second's worth of bits: headers make it longer, what TCP does not use as well; a busy machine more so.
        Assert.InRange(seconds, 0.99, 2);
    }

    [LabFact]
    public async Task A_link_can_be_cut_and_mended_and_ends_on_a_signal()
    {
        var link = await LinkEmulatorProcess.StartAsync(_left, _right, "--delay 1ms");
        var (left, right) = (new UdpProbe(_left.Machine), new UdpProbe(_right.Machine, "10.77.0.2"));
        left.Say("before", right.Local);
        Assert.Equal("before", right.Hear().Word);

        link.Cut();
        var lost = 0;
        for (; Passes(left, right, "cut"); lost++) Assert.True(lost < 1000, "the link is still up");

        link.Mend();
        for (var tries = 0; !Passes(left, right, "mended"); tries++) Assert.True(tries < 100, "the link stays down");
        var (forth, _) = await link.StopAsync(bySignal: true);
        Assert.True(forth.BlackedOut > 0);
    }

    [LabTheory]
    [InlineData("10.77.0.1", "10.77.0.2", 24)]
    [InlineData("fd77::1", "fd77::2", 64)]
    public async Task A_train_is_cut_on_the_way_and_each_datagram_is_for_itself(string source, string target, int prefix)
    {
        var (from, to) = (_left with { Address = $"{source}/{prefix}" }, _right with { Address = $"{target}/{prefix}" });
        var link = await LinkEmulatorProcess.StartAsync(from, to, "--rate 200M --delay 1ms");
        UdpDriver? here = null;
        UdpDriver? there = null;
        from.Machine.Enter(() => here = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.Parse(source), 0))));
        to.Machine.Enter(() => there = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.Parse(target), 0))));
        int[] lengths = [.. Enumerable.Repeat(1200, 40), 700, .. Enumerable.Repeat(1400, 12), 1, 1400];
        using (here)
        using (there)
        {
            var (mouth, ear) = (new Volley(), new Volley(lengths.Length));
            here!.Add(mouth);
            there!.Add(ear);
            using (here.EnterTurn())
                for (var i = 0; i < lengths.Length; i++) mouth.Send(new Transmit(lengths[i], there.LocalEndpoint), (byte)i);

            await ear.Complete.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

            // Whole, in order, and none with the bytes of another.
            Assert.Equal(lengths.Select((length, i) => (length, (byte)i)), ear.Heard.Select(heard => (heard.Length, heard.Content)));
        }

        var (forth, _) = await link.StopAsync();
        Assert.InRange(forth.Sent, lengths.Length, lengths.Length + 20);
        Assert.Equal(forth.Sent, forth.Delivered);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static bool Passes(UdpProbe from, UdpProbe to, string word)
    {
        from.Say(word, to.Local);
        return to.TryHear(TimeSpan.FromMilliseconds(200), out _, out _);
    }

    private static bool HearUntilMarker(UdpProbe probe, List<int> heard)
    {
        while (probe.TryHear(TimeSpan.FromMilliseconds(200), out var word, out _))
        {
            if (word == "marker") return true;
            heard.Add(int.Parse(word, System.Globalization.CultureInfo.InvariantCulture));
        }

        return false;
    }
}
