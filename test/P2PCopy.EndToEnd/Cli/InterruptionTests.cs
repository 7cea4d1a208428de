using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>Ctrl+C at any moment: code 130, nothing left behind, and the peer knows at once.</summary>
public sealed class InterruptionTests : IDisposable
{
    // The promise is one second; a busy machine gets more.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly CopyPair _pair = new(CopyPair.Legacy);

    public InterruptionTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent otherwise there");

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task At_the_prompt(string signal)
    {
        using var run = _pair.StartReceiver();
        await run.SeeAsync("Enter the ip:port of your peer: ");

        await AssertStopsAsync(run, signal);
    }

    [Theory]
    [InlineData("Waiting ")]
    [InlineData("0 - Trying to connect")]
    public async Task While_connecting(string phase)
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var run = _pair.StartReceiver("--peer", silent.LocalEndPoint!.ToString()!);
        await run.SeeAsync(phase);

        await AssertStopsAsync(run, "INT");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_the_middle_of_the_copy(bool senderStops)
    {
        Assert.SkipUnless(ProgramRun.HasTerminals, "needs a pseudo-terminal");
        using var sender = _pair.StartSender(_pair.CreateHollowFile("big.bin", 4L << 30));
        using var receiver = _pair.StartReceiverInTerminal(100, "--yes");
        await ProgramRun.IntroduceAsync(sender, receiver);
        await receiver.SeeAsync("#");
        var clock = Stopwatch.StartNew();

        if (senderStops) sender.Process.Signal("INT");
        else receiver.PressControlC();

        Assert.Equal(senderStops ? 130 : 5, await sender.ExitAsync());
        Assert.Equal(senderStops ? 5 : 130, await receiver.ExitAsync());
        Assert.True(clock.Elapsed < Soon, $"took {clock.Elapsed}");
        Assert.Empty(_pair.Target.GetFileSystemInfos());
    }

    [Fact]
    public async Task At_the_question_whether_to_receive()
    {
        Assert.SkipUnless(ProgramRun.HasTerminals, "needs a pseudo-terminal");
        using var sender = _pair.StartSender(_pair.CreateFile("a.txt", 5));
        using var receiver = _pair.StartReceiverInTerminal(80);
        await ProgramRun.IntroduceAsync(sender, receiver);
        await receiver.SeeAsync("Receive it? [Y/n] ");
        receiver.PressControlC();

        Assert.Equal(130, await receiver.ExitAsync());
        Assert.NotEqual(0, await sender.ExitAsync());
        Assert.Empty(_pair.Target.GetFileSystemInfos());
    }

    private static async Task AssertStopsAsync(ProgramRun run, string signal)
    {
        var clock = Stopwatch.StartNew();
        run.Process.Signal(signal);

        Assert.Equal(130, await run.ExitAsync());
        Assert.True(clock.Elapsed < Soon, $"took {clock.Elapsed}");
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
