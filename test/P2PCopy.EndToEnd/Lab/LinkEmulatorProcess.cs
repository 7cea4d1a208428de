using System.Globalization;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// A shaped cable between two machines of the lab: the link emulator, running as a process beside them. Its delay is one way and holds
/// in each direction, so the round trip is twice that. It ends with its lab.
/// </summary>
internal sealed class LinkEmulatorProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly RealProcess _process;

    private LinkEmulatorProcess(RealProcess process) => _process = process;

    /// <summary>
    /// Starts it and waits until the link is up. Both interfaces are made by it, and go with it: routes over them are set afterwards.
    /// </summary>
    /// <param name="left">The machine, the name that its interface gets, and its address with prefix length.</param>
    /// <param name="right">The same for the other machine.</param>
    /// <param name="knobs">What the link does, such as <c>--rate 100M --delay 25ms --queue 256k --loss 0.01</c>.</param>
    public static async Task<LinkEmulatorProcess> StartAsync(LinkEnd left, LinkEnd right, string knobs)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "P2PCopy.LinkEmulator.dll");
        string[] arguments = [program, "--left", Name(left), "--right", Name(right), .. knobs.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var process = left.Machine.Lab.Keep(RealProcess.Start("dotnet", arguments));
        await process.WaitForLineAsync("ready", Limit);
        return new LinkEmulatorProcess(process);
    }

    /// <summary>From now on the link loses everything.</summary>
    public void Cut() => _process.WriteLine("down");

    /// <summary>The link carries again.</summary>
    public void Mend() => _process.WriteLine("up");

    /// <summary>Ends it, by SIGTERM or by the end of its input, and reads what happened on the link in each direction.</summary>
    public async Task<(Counters LeftToRight, Counters RightToLeft)> StopAsync(bool bySignal = false)
    {
        if (bySignal) _process.Signal("TERM");
        else _process.EndInput();
        Assert.Equal(0, await _process.WaitForExitAsync(Limit));
        return (Counters.Parse(await _process.WaitForLineAsync("left>right ", Limit)),
            Counters.Parse(await _process.WaitForLineAsync("right>left ", Limit)));
    }

    private static string Name(LinkEnd end) =>
        $"{end.Machine.SystemName}:{end.Interface}:{end.Address ?? throw new ArgumentException("an emulated link needs addresses")}";

    /// <summary>What happened in one direction, in packets.</summary>
    internal sealed record Counters(long Sent, long Delivered, long Lost, long QueueFull, long BlackedOut)
    {
        public static Counters Parse(string line)
        {
            var values = line.Split(' ')[1..].Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
            long Read(string name) => long.Parse(values[name], CultureInfo.InvariantCulture);
            return new Counters(Read("sent"), Read("delivered"), Read("lost"), Read("queue-full"), Read("blacked-out"));
        }
    }
}
