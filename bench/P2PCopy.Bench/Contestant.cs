using System.Globalization;
using System.Text.RegularExpressions;
using P2PCopy.EndToEnd.Interop;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.Bench;

/// <summary>Something that carries bytes from one machine to the other: two processes, two network namespaces.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="RunAsync">One run.</param>
internal sealed partial record Contestant(string Name, Func<Trial, Task<Measurement>> RunAsync)
{
    private const string At = $"{Trial.RightAddress}:9000";

    /// <summary>A sealed copy of a file as the program makes it.</summary>
    public static Contestant Sealed { get; } = new("p2pcopy", trial => CopyAsync(trial));

    /// <summary>The same in the background mode.</summary>
    public static Contestant Polite { get; } = new("p2pcopy --polite", trial => CopyAsync(trial, "--polite"));

    /// <summary>The same while somebody on another wire floods the receiver with garbage.</summary>
    public static Contestant UnderFlood { get; } = new("p2pcopy, 50,000 garbage/s", async trial =>
    {
        await Flood.StartAsync(trial, At);
        return await CopyAsync(trial);
    });

    /// <summary>A stream of our UDT, as the reference library's peers have it: not sealed, memory to memory.</summary>
    public static Contestant Plain { get; } = new("P2PCopy.Udt, not sealed", async trial =>
    {
        var receiver = Trial.StartRole(trial.Right, "udt-receive", At, $"{trial.Bytes}");
        await receiver.WaitForLineAsync("bound port=", Trial.Limit);
        return await ConcludeAsync(trial, Trial.StartRole(trial.Left, "udt-send", At, $"{trial.Bytes}"), receiver);
    });

    /// <summary>The C++ library, release 4.11, as Debian ships it: memory to memory.</summary>
    public static Contestant Reference { get; } = new("reference UDT 4.11", async trial =>
    {
        var receiver = ReferencePeer.Start(trial.Right, "listener", "--local", At, "--receive", $"{trial.Bytes}", "--receive-seed", "1").Process;
        await receiver.WaitForLineAsync("bound port=", Trial.Limit);
        var sender = ReferencePeer.Start(trial.Left, "caller", "--local", "0.0.0.0:0", "--peer", At, "--send", $"{trial.Bytes}", "--send-seed", "1");
        return await ConcludeAsync(trial, sender.Process, receiver);
    });

    public static Contestant Scp { get; } = new("scp", async trial =>
    {
        var server = await SshServer.StartAsync(trial.Right, Trial.RightAddress);
        return await OverSshAsync(trial, server, "scp", [.. server.ClientOptions, trial.Source, $"{Trial.RightAddress}:{trial.Copy}"]);
    });

    public static Contestant Rsync { get; } = new("rsync over ssh", async trial =>
    {
        var server = await SshServer.StartAsync(trial.Right, Trial.RightAddress);
        return await OverSshAsync(trial, server, "rsync", ["-W", "-e", $"ssh {string.Join(' ', server.ClientOptions)}", trial.Source, $"{Trial.RightAddress}:{trial.Copy}"]);
    });

    public static Contestant Cubic { get; } = new("TCP cubic (iperf3)", trial => TcpAsync(trial, "cubic"));

    public static Contestant Bbr { get; } = new("TCP BBR (iperf3)", trial => TcpAsync(trial, "bbr"));

    public static IReadOnlyList<Contestant> All { get; } = [Sealed, Plain, Reference, Scp, Rsync, Cubic, Bbr];

    /// <summary>Whether this kernel has it.</summary>
    public bool IsAvailable => this != Bbr
        || File.ReadAllText("/proc/sys/net/ipv4/tcp_available_congestion_control").Split(' ', '\n').Contains("bbr");

    private static async Task<Measurement> CopyAsync(Trial trial, params string[] options)
    {
        var receiver = Trial.StartRole(trial.Right, "copy-receive", At, Trial.LeftAddress, trial.Target);
        await receiver.WaitForLineAsync("bound port=", Trial.Limit);
        var sender = Trial.StartRole(trial.Left, ["copy-send", At, trial.Source, .. options]);
        var measurement = await ConcludeAsync(trial, sender, receiver);
        trial.Verify();
        return measurement;
    }

    private static async Task<Measurement> OverSshAsync(Trial trial, SshServer server, string program, string[] arguments)
    {
        trial.Flows.TrySetResult();
        var client = await FinishAsync(Trial.StartCommand(trial.Left, program, arguments));
        var measurement = Measurement.From(client, await server.StopAsync(), trial.Bytes);
        trial.Verify();
        return measurement;
    }

    private static async Task<Measurement> TcpAsync(Trial trial, string control)
    {
        var server = Trial.StartCommand(trial.Right, "iperf3", "--forceflush", "-s", "-1", "-p", "5202");
        await server.WaitForWordsAsync("Server listening", Trial.Limit);
        trial.Flows.TrySetResult();
        var process = Trial.StartCommand(trial.Left, "iperf3", "-f", "m", "-c", Trial.RightAddress, "-p", "5202", "-C", control, "-n", $"{trial.Bytes}");
        var client = await FinishAsync(process);
        var rate = double.Parse(ReceiverRate().Match(process.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        return Measurement.From(client, await FinishAsync(server), trial.Bytes) with { Megabits = rate, WholeMegabits = rate };
    }

    private static async Task<Measurement> ConcludeAsync(Trial trial, RealProcess sender, RealProcess receiver)
    {
        await sender.WaitForLineAsync(line => line is "flows" || line.StartsWith("bound", StringComparison.Ordinal) || line.StartsWith("transferred", StringComparison.Ordinal), "that it begins", Trial.Limit);
        trial.Flows.TrySetResult();
        return Measurement.From(
            await sender.WaitForLineAsync("transferred ", Trial.Limit), await receiver.WaitForLineAsync("transferred ", Trial.Limit), trial.Bytes);
    }

    private static async Task<string> FinishAsync(RealProcess process)
    {
        var line = await process.WaitForLineAsync("ran ", Trial.Limit);
        return line.Contains(" exit=0 ", StringComparison.Ordinal) ? line : throw new InvalidOperationException(process.Transcript);
    }

    [GeneratedRegex(@"([\d.]+) Mbits/sec\s+receiver")]
    private static partial Regex ReceiverRate();
}
