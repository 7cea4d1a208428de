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

    private static readonly TimeSpan BetweenPastes = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForLuck = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ToMeetAllTheSame = TimeSpan.FromSeconds(1);

    private static readonly (string Name, LabNat[] Nats)[] Kinds =
    [
        ("public", []),
        ("firewall", [LabNat.Firewall]),
        ("full cone", [LabNat.FullCone]),
        ("restricted", [LabNat.Restricted]),
        ("port-restricted", [LabNat.PortRestricted]),
        ("spoilt by early packets", [LabNat.SpoiltByEarlyPackets]),
        ("symmetric", [LabNat.Symmetric]),
        ("symmetric, stepping", [LabNat.SymmetricStepping]),
        ("symmetric, in a block", [LabNat.SymmetricBlock]),
        ("two NATs", [LabNat.PortRestricted, LabNat.PortRestricted]),
        ("behind a symmetric one", [LabNat.PortRestricted, LabNat.Symmetric]),
        ("behind a carrier's block", [LabNat.PortRestricted, LabNat.SymmetricBlock]),
        (WithIPv6, [LabNat.UdpBlocked]),
        ("UDP blocked", [LabNat.UdpBlocked]),
    ];

    // Of the diagonals of the table an ordinary run has these: between them every means by which two networks come together, and those
    // that cannot.
    private static readonly int[] Sample = [2, 3];

    private const string OwnNetworkAlone = "only your own network can connect the two of you";

    // The only kind with a second family: with it on both sides there is nothing left to cross.
    private const string WithIPv6 = "IPv6 alone";

    // With itself it takes most of a minute, and so has networks of its own, beside those for which others wait.
    private const string Slow = "spoilt by early packets";
    private const string Apart = $"{Slow}, apart";

    // Of each kind on either side: a pair mostly waits, for answers and for its users, but with half as many again they wait for the processor
    // too, and one pair in a hundred is late.
    private const int NetworksInLongRuns = 4;
    private const int NetworksApart = 10;

    // What a program finds out about its network it finds out in a second. With twice as many at once, one in 4,000 did not get through its
    // tests in that time, and said so.
    private readonly SemaphoreSlim _starting = new(12);

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;
    private readonly LabCrossroads _crossroads = new();
    private readonly CrossingTimes _times = new();
    private readonly string[] _table = File.ReadAllLines(Path.Combine(Repository.Root, Table));

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
        var times = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var wish) ? wish : 0;
        AddNetworks(times == 0 ? 1 : NetworksInLongRuns, Math.Clamp(times, 1, NetworksApart));

        // Along the diagonals every network is as much in demand as every other. What takes longest begins first.
        var diagonals = times == 0 ? Sample : [.. Enumerable.Range(0, Kinds.Length)];
        var round = diagonals.SelectMany(diagonal => Kinds.Select((kind, i) => (From: kind.Name, To: Kinds[(i + diagonal) % Kinds.Length].Name)))
            .Append((From: Slow, To: Slow)).Distinct().OrderByDescending(IsApart);
        var results = await Task.WhenAll(Enumerable.Repeat(round, Math.Max(1, times)).SelectMany(pairs => pairs).Select(pair => IsApart(pair)
            ? _crossroads.CrossAsync(Apart, Apart, (from, to) => MeetAsync(from, Slow, to, Slow))
            : _crossroads.CrossAsync(pair.From, pair.To, (from, to) => MeetAsync(from, pair.From, to, pair.To))));

        var lines = results.Select(result => result.Line).Distinct().ToArray();
        var failures = results.Select(result => result.Failure).OfType<string>().ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Math.Max(1, times)} times {lines.Length} pairs, {failures.Length} failed");
        foreach (var line in _times.Lines) TestContext.Current.TestOutputHelper?.WriteLine(line);
        Assert.True(failures.Length == 0, string.Join('\n', failures));
        if (times > 0) _times.AssertHeldByEachKind();
        else _times.AssertHeld();
        if (times > 0) Assert.Equal(_table.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    private static bool IsApart((string From, string To) pair) => pair == (Slow, Slow);

    private void AddNetworks(int count, int apart)
    {
        foreach (var side in Enum.GetValues<CrossingSide>())
        {
            for (var copy = 0; copy < count; copy++)
            {
                for (var kind = 0; kind < Kinds.Length; kind++)
                {
                    var host = _net.AddHost($"{side}{kind}-{copy}", Kinds[kind].Nats);
                    if (Kinds[kind].Name == WithIPv6) _net.AddIPv6(host);
                    _crossroads.Add(side, Kinds[kind].Name, host);
                }
            }

            for (var copy = 0; copy < apart; copy++) _crossroads.Add(side, Apart, _net.AddHost($"{side}-apart{copy}", LabNat.SpoiltByEarlyPackets));
        }
    }

    private async Task<(ProgramRun Run, string Ticket)> StartAsync(LabHost host, string kind, params string[] words)
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var run = host.StartProgram([.. words, .. kind == WithIPv6 ? LabServers.AllWordsOfBothFamilies : LabServers.AllWords]);
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
        var startSender = StartAsync(from, fromName, "sender", "--file", "/etc/hostname");
        var startReceiver = StartAsync(to, toName, "receiver", "--to", _lab.AddFolder($"{from.Machine.Name}-{to.Machine.Name}"));
        var (sender, fromTicket) = await startSender;
        using var ending = sender;
        var (receiver, toTicket) = await startReceiver;
        using var receiverEnding = receiver;
        var kind = CrossingPlan.Between(TicketReader.Read(fromTicket, null, 0).Ticket!, TicketReader.Read(toTicket, null, 0).Ticket!).Kind;

        var start = Stopwatch.GetTimestamp();
        sender.Type(toTicket);
        if (kind == CrossingKind.Hopeless)
        {
            receiver.Type(fromTicket);
            await Task.WhenAll(((ProgramRun[])[sender, receiver]).Select(run => run.AssertEndsAsync(3, CrossingTimes.ToRefuse + CrossingTimes.Margin)));
            Report(name, kind, Stopwatch.GetElapsedTime(start), "refused");
            var wasTold = sender.ToString().Contains("cannot be connected directly", StringComparison.Ordinal);
            return End($"{name}: {kind}, refused", wasTold, "not told");
        }

        if (kind is CrossingKind.OwnNetworkOnly or CrossingKind.NoCommonFamily)
        {
            receiver.Type(fromTicket);
            await Task.WhenAll(sender.HearAsync(OwnNetworkAlone), receiver.HearAsync(OwnNetworkAlone));
            var told = Stopwatch.GetElapsedTime(start);
            Report(name, kind, told, "told");
            var meeting = Task.WhenAll(sender.WaitUntilConnectedAsync(), receiver.WaitUntilConnectedAsync());
            await Task.WhenAny(meeting, UserPause.TakeAsync(ToMeetAllTheSame));
            return End($"{name}: {kind}, refused unless in one network", !meeting.IsCompletedSuccessfully && told < CrossingTimes.ToRefuse + CrossingTimes.Margin, "met, or told late");
        }

        await UserPause.TakeAsync(BetweenPastes);
        start = Stopwatch.GetTimestamp();
        receiver.Type(fromTicket);
        var met = Task.WhenAll(sender.WaitUntilConnectedAsync(), receiver.WaitUntilConnectedAsync());
        if (CrossingPlan.LimitOf(kind) is not { } limit)
        {
            await Task.WhenAny(met, UserPause.TakeAsync(ForLuck));
            Report(name, kind, Stopwatch.GetElapsedTime(start), met.IsCompletedSuccessfully ? "met" : "not met");
            return End($"{name}: {kind}, by luck", true, "");
        }

        var inTime = await Task.WhenAny(met, UserPause.TakeAsync(limit + CrossingTimes.Margin)) == met && met.IsCompletedSuccessfully;
        Report(name, kind, Stopwatch.GetElapsedTime(start), inTime ? "met" : "NOT MET");
        return End(string.Create(CultureInfo.InvariantCulture, $"{name}: {kind}, within {limit.TotalSeconds:0} s"), inTime, "not met");

        (string Line, string? Failure) End(string line, bool well, string otherwise)
        {
            if (well && _table.Contains(line)) return (line, null);
            return (line, $"{line}: {(well ? $"not in {Table}" : otherwise)}\n{sender.Process.TimedTranscript}\n{LabNat.Describe(from)}\n{receiver.Process.TimedTranscript}\n{LabNat.Describe(to)}");
        }
    }

    private void Report(string name, CrossingKind kind, TimeSpan time, string outcome)
    {
        _times.Add(name, kind, time);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {kind}, {outcome} after {time.TotalSeconds:0.00} s"));
    }
}
