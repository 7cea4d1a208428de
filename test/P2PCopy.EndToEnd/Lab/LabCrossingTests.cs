using System.Diagnostics;
using System.Globalization;
using P2PCopy.EndToEnd.Processes;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// Every kind of router crossed with every other: who can connect does so in time, and who cannot is told at once. The table is in
/// test/crossings, beside that of the simulation. With the variable P2PCOPY_CROSSINGS all of it is run, so many times in a row.
/// </summary>
[Collection(LabCollection.Name)]
public sealed class LabCrossingTests : IDisposable
{
    private const string Table = "test/crossings/lab.txt";
    private const string Variable = "P2PCOPY_CROSSINGS";

    // What a busy machine adds to the time that a pair needs.
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan BetweenPastes = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForLuck = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ToRefuse = TimeSpan.FromSeconds(3);

    private static readonly (string Name, LabNat[] Nats)[] Kinds =
    [
        ("public", []),
        ("full cone", [LabNat.FullCone]),
        ("restricted", [LabNat.Restricted]),
        ("port-restricted", [LabNat.PortRestricted]),
        ("spoilt by early packets", [LabNat.SpoiltByEarlyPackets]),
        ("symmetric", [LabNat.Symmetric]),
        ("symmetric, stepping", [LabNat.SymmetricStepping]),
        ("symmetric, in a block", [LabNat.SymmetricBlock]),
        ("two NATs", [LabNat.PortRestricted, LabNat.PortRestricted]),
        ("behind a symmetric one", [LabNat.PortRestricted, LabNat.Symmetric]),
        ("UDP blocked", [LabNat.UdpBlocked]),
    ];

    // Of the waves that an ordinary run has: between them every means by which two networks come together, and those that cannot.
    private static readonly int[] Sample = [2, 3];

    // Takes long, and so has networks of its own, beside the waves.
    private const string Slow = "spoilt by early packets";

    // What a program finds out about its network it finds out in a second; so many can do that at once here.
    private readonly SemaphoreSlim _starting = new(3);

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabCrossingTests()
    {
        _net = new LabTopology(_lab);
        LabServers.Start(_net);
    }

    public void Dispose()
    {
        _lab.Dispose();
        _starting.Dispose();
    }

    [LabFact]
    public async Task Every_pair_of_networks_meets_or_is_refused_as_the_table_says()
    {
        var table = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, Table), TestContext.Current.CancellationToken);
        var left = Kinds.Select((kind, i) => _net.AddHost($"left{i}", kind.Nats)).ToArray();
        var right = Kinds.Select((kind, i) => _net.AddHost($"right{i}", kind.Nats)).ToArray();
        var times = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var wish) ? wish : 0;

        // A wave has each network once on either side, so no two programs share a router's tables.
        var waves = times == 0 ? Sample : [.. Enumerable.Range(0, Kinds.Length)];
        var (slowLeft, slowRight) = (_net.AddHost("slow", LabNat.SpoiltByEarlyPackets), _net.AddHost("slow-too", LabNat.SpoiltByEarlyPackets));
        var lines = new List<string>();
        var failures = new List<string>();
        for (var round = 0; round < Math.Max(1, times); round++)
        {
            var apart = MeetAsync(slowLeft, Slow, slowRight, Slow);
            foreach (var wave in waves)
            {
                var pairs = Enumerable.Range(0, Kinds.Length).Select(i => (Left: i, Right: (i + wave) % Kinds.Length)).Where(pair => !IsApart(pair.Left, pair.Right));
                Note(await Task.WhenAll(pairs.Select(pair => MeetAsync(left[pair.Left], Kinds[pair.Left].Name, right[pair.Right], Kinds[pair.Right].Name))));
            }

            Note([await apart]);
            TestContext.Current.TestOutputHelper?.WriteLine($"round {round + 1}: {lines.Count} pairs so far, {failures.Count} failed");
        }

        var unlike = lines.Distinct().Where(line => !table.Contains(line)).ToArray();
        Assert.True(unlike.Length == 0, $"not in {Table}:\n{string.Join('\n', unlike)}");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        if (times > 0) Assert.Equal(table.Order(StringComparer.Ordinal), lines.Distinct().Order(StringComparer.Ordinal));

        void Note((string Line, string? Failure)[] results)
        {
            lines.AddRange(results.Select(result => result.Line));
            failures.AddRange(results.Select(result => result.Failure).OfType<string>());
        }
    }

    private static bool IsApart(int left, int right) => (Kinds[left].Name, Kinds[right].Name) == (Slow, Slow);

    private async Task<(ProgramRun Run, string Ticket)> StartAsync(LabHost host, params string[] words)
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var run = host.StartProgram([.. words, .. LabServers.AllWords]);
            return (run, await run.AddressAsync());
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<(string Line, string? Failure)> MeetAsync(LabHost from, string fromName, LabHost to, string toName)
    {
        var name = $"{fromName} × {toName}";
        var (sender, fromTicket) = await StartAsync(from, "sender", "--file", "/etc/hostname");
        using var ending = sender;
        var (receiver, toTicket) = await StartAsync(to, "receiver", "--to", to.Machine.Lab.AddFolder($"{from.Machine.Name}-{to.Machine.Name}"));
        using var receiverEnding = receiver;
        var kind = CrossingPlan.Between(TicketReader.Read(fromTicket, null, 0).Ticket!, TicketReader.Read(toTicket, null, 0).Ticket!).Kind;

        var start = Stopwatch.GetTimestamp();
        sender.Type(toTicket);
        if (kind == CrossingKind.Hopeless)
        {
            receiver.Type(fromTicket);
            await Task.WhenAll(sender.AssertEndsAsync(3, ToRefuse + Allowance), receiver.AssertEndsAsync(3, ToRefuse + Allowance));
            Report(name, kind, Stopwatch.GetElapsedTime(start), "refused");
            var told = sender.ToString().Contains("cannot be connected directly", StringComparison.Ordinal);
            return ($"{name}: {kind}, refused", told ? null : $"{name}: not told\n{sender}");
        }

        await UserPause.TakeAsync(BetweenPastes);
        start = Stopwatch.GetTimestamp();
        receiver.Type(fromTicket);
        var met = Task.WhenAll(sender.WaitUntilConnectedAsync(), receiver.WaitUntilConnectedAsync());
        if (CrossingPlan.LimitOf(kind) is not { } limit)
        {
            await Task.WhenAny(met, UserPause.TakeAsync(ForLuck));
            Report(name, kind, Stopwatch.GetElapsedTime(start), met.IsCompletedSuccessfully ? "met" : "not met");
            return kind == CrossingKind.Luck
                ? ($"{name}: {kind}, by luck", null)
                : ($"{name}: {kind}, refused unless in one network", met.IsCompletedSuccessfully ? $"{name}: met" : null);
        }

        var inTime = await Task.WhenAny(met, UserPause.TakeAsync(limit + Allowance)) == met && met.IsCompletedSuccessfully;
        Report(name, kind, Stopwatch.GetElapsedTime(start), inTime ? "met" : "NOT MET");
        var line = string.Create(CultureInfo.InvariantCulture, $"{name}: {kind}, within {limit.TotalSeconds:0} s");
        return (line, inTime ? null : $"{line}: not met\n{sender}\n{receiver}");
    }

    private static void Report(string name, CrossingKind kind, TimeSpan time, string outcome) =>
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {kind}, {outcome} after {time.TotalSeconds:0.00} s"));
}
