using System.Globalization;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Nats;
using P2PCopy.Tests.House;

namespace P2PCopy.Tests.Crossing;

/// <summary>
/// Every kind of network crossed with every other, each user pasting first in turn: whoever can connect does so in time. The table is in
/// test/crossings, beside that of the kernel's NATs. The variable P2PCOPY_CROSSINGS says how many seeds each pair runs with.
/// </summary>
public sealed class CrossingMatrixTests
{
    private const string Simulated = "test/crossings/simulated.txt";
    private const string Lab = "test/crossings/lab.txt";
    private const string Variable = "P2PCOPY_CROSSINGS";
    private const int Seeds = 3;

    [Fact]
    public void Every_pair_that_can_connect_does_so_within_its_limit()
    {
        var pairs = NatKinds.All.SelectMany(left => NatKinds.All.Select(right => (left, right))).ToArray();
        var (table, failures) = (new string[pairs.Length], new string?[pairs.Length]);

        // Each pair has a network and a clock of its own for each seed, so the order does not matter.
        Parallel.For(0, pairs.Length, i => (table[i], failures[i]) = Meet(pairs[i].left, pairs[i].right));
        Assert.True(failures.All(failure => failure is null), string.Join('\n', failures.OfType<string>()));
        Snapshot.Matches(Simulated, string.Concat(table));
    }

    private static (string Line, string? Failure) Meet((string Name, NatBehavior[] Nats) left, (string Name, NatBehavior[] Nats) right)
    {
        var (name, slowest) = ($"{left.Name} × {right.Name}", TimeSpan.Zero);
        var kinds = new HashSet<CrossingKind>();
        var missed = new List<ulong>();
        var seeds = SeedsOf(name).ToArray();
        foreach (var seed in seeds)
        {
            using var scene = new MeetingScene(seed, left.Nats, right.Nats);
            kinds.Add(scene.Plan.Kind);
            if (scene.Plan.Limit is not { } limit) continue;
            var time = scene.Meet(TimeSpan.FromSeconds(2), limit);
            if (time is null) missed.Add(seed);
            else if (time > slowest) slowest = time.Value;
        }

        var kind = kinds.First();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name}: {kind}, at most {slowest.TotalSeconds:0.00} s, {missed.Count} of {seeds.Length} missed"));

        // A round of guesses misses in 3 of 10,000 cases, and the next one comes after the limit.
        var tooMany = missed.Count > (kind == CrossingKind.Guessing ? seeds.Length / 100 : 0);
        return ($"{name}: {kind}, {Outcome(kind)}\n", kinds.Count > 1 ? $"{name}: {string.Join(" and ", kinds)}"
            : tooMany ? $"{name}, {kind}: not in time, ./dev sim {string.Join(' ', missed)}" : null);
    }

    [Fact]
    public void The_kernels_NATs_are_crossed_as_the_simulated_ones()
    {
        Assert.Equal(Repository.Read(Simulated).Split('\n'), Repository.Read(Lab).Split('\n'));
    }

    private static string Outcome(CrossingKind kind) => kind switch
    {
        CrossingKind.Hopeless => "refused",
        CrossingKind.OwnNetworkOnly or CrossingKind.NoCommonFamily => "refused unless in one network",
        CrossingKind.Luck => "by luck",
        _ => string.Create(CultureInfo.InvariantCulture, $"within {CrossingPlan.LimitOf(kind)!.Value.TotalSeconds:0} s"),
    };

    private static IEnumerable<ulong> SeedsOf(string pair)
    {
        var asked = SimulationSeeds.From();
        if (asked.Count == 1) return asked;
        var count = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var wish) ? wish : Seeds;
        var first = SeededRandom.For(asked.Count == 0 ? 1 : asked[0], pair).NextUInt32();
        return Enumerable.Range(0, count).Select(index => (ulong)first + (ulong)index);
    }
}
