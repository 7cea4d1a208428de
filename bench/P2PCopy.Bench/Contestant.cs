using System.Diagnostics;
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
    private const string Port = "9000";
    private const string SenderPort = "9001";
    private const string At = $"{Trial.RightAddress}:{Port}";

    /// <summary>The program as its users run it: a sealed copy from file to file.</summary>
    public static Contestant Program { get; } = new("p2pcopy", trial => CopyAsync(trial));

    /// <summary>The program on the original's wire: from file to file without a seal. What the seal costs a user is the difference.</summary>
    public static Contestant Legacy { get; } = new("p2pcopy --legacy, not sealed", trial => CopyAsync(trial, ["--legacy"], ["--legacy"]));

    /// <summary>The same in the background mode.</summary>
    public static Contestant Polite { get; } = new("p2pcopy --polite", trial => CopyAsync(trial, ["--polite"], []));

    /// <summary>The same while somebody on another wire floods the receiver with garbage.</summary>
    public static Contestant UnderFlood { get; } = new("p2pcopy, 50,000 garbage/s", async trial =>
    {
        await Flood.StartAsync(trial, At);
        return await CopyAsync(trial);
    });

    /// <summary>A stream of our UDT as the reference library's peers have it: its congestion control, not sealed, memory to memory.</summary>
    public static Contestant Udt { get; } = new("P2PCopy.Udt as UDT 4", trial => StreamAsync(trial, "udt"));

    /// <summary>A stream as two programs of ours have it, but not sealed: memory to memory.</summary>
    public static Contestant Plain { get; } = new("P2PCopy.Udt, not sealed", trial => StreamAsync(trial, "plain"));

    /// <summary>The same over a sealed link: what the seal costs.</summary>
    public static Contestant Sealed { get; } = new("P2PCopy.Udt, sealed", trial => StreamAsync(trial, "sealed"));

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

    public static Contestant QuicCubic { get; } = new("QUIC cubic (ngtcp2)", trial => OverQuicAsync(trial, "cubic"));

    public static Contestant QuicBbr { get; } = new("QUIC BBR2 (ngtcp2)", trial => OverQuicAsync(trial, "bbr2"));

    public static Contestant Cubic { get; } = new("TCP cubic (iperf3)", trial => TcpAsync(trial, "cubic"));

    public static Contestant Bbr { get; } = new("TCP BBR (iperf3)", trial => TcpAsync(trial, "bbr"));

    public static IReadOnlyList<Contestant> All { get; } = [Program, Legacy, Udt, Plain, Sealed, Reference, Scp, Rsync, QuicCubic, QuicBbr, Cubic, Bbr];

    /// <summary>What a user would choose from. The parts of ours are told apart on the unshaped link, where nothing else is the bound.</summary>
    public static IReadOnlyList<Contestant> Choices { get; } = [Program, Reference, Scp, Rsync, QuicCubic, QuicBbr, Cubic, Bbr];

    /// <summary>Whether this kernel has it.</summary>
    public bool IsAvailable => this != Bbr
        || File.ReadAllText("/proc/sys/net/ipv4/tcp_available_congestion_control").Split(' ', '\n').Contains("bbr");

    private static Task<Measurement> CopyAsync(Trial trial) => CopyAsync(trial, [], []);

    private static async Task<Measurement> CopyAsync(Trial trial, string[] ofSender, string[] ofReceiver)
    {
        using var receiver = Trial.StartProgram(trial.Right, ["receive", trial.Target, "--yes", "--stun", "none", "--ntp", "none", "--localport", Port, .. ofReceiver]);
        using var sender = Trial.StartProgram(trial.Left, ["send", trial.Source, "--stun", "none", "--ntp", "none", "--localport", SenderPort, .. ofSender]);
        var (own, peers) = (await sender.AddressAsync(), await receiver.AddressAsync());

        // Without a seal there is no ticket, and without a STUN server nobody tells a bare address that others can use.
        if (!own.Contains('-', StringComparison.Ordinal)) (own, peers) = ($"{Trial.LeftAddress}:{SenderPort}", At);
        trial.FreeMemory();
        var clock = Stopwatch.StartNew();
        sender.Type(peers);
        receiver.Type(own);
        await sender.WaitUntilConnectedAsync();
        var connected = clock.Elapsed;
        trial.Flows.TrySetResult();
        var sent = await FinishAsync(sender.Process);
        var end = clock.Elapsed;
        var measurement = Measurement.From(sent, await FinishAsync(receiver.Process), trial.Bytes) with
        {
            Megabits = Measurement.Rate(trial.Bytes, (end - connected).TotalSeconds),
            WholeMegabits = Measurement.Rate(trial.Bytes, end.TotalSeconds),
        };
        trial.Verify();
        return measurement;
    }

    private static async Task<Measurement> StreamAsync(Trial trial, string kind)
    {
        var receiver = Trial.StartStream(trial.Right, $"{kind}-receive", At, $"{trial.Bytes}");
        await receiver.WaitForLineAsync("bound port=", Trial.Limit);
        return await ConcludeAsync(trial, Trial.StartStream(trial.Left, $"{kind}-send", At, $"{trial.Bytes}"), receiver);
    }

    private static async Task<Measurement> OverSshAsync(Trial trial, SshServer server, string program, string[] arguments)
    {
        trial.FreeMemory();
        trial.Flows.TrySetResult();
        var client = await FinishAsync(Trial.StartCommand(trial.Left, program, arguments));
        var measurement = Measurement.From(client, await server.StopAsync(), trial.Bytes);
        trial.Verify();
        return measurement;
    }

    private static async Task<Measurement> OverQuicAsync(Trial trial, string control)
    {
        var server = await QuicServer.StartAsync(trial.Left, trial.Source, control);
        trial.FreeMemory();
        trial.Flows.TrySetResult();
        var client = await FinishAsync(Trial.StartCommand(trial.Right, "gtlsclient", server.ClientArguments(trial.Target)));
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
