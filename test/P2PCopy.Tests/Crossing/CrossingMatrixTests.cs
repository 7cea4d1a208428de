using System.Globalization;
using System.Text;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.Simulation;
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
        var table = new StringBuilder();
        var failures = new StringBuilder();
        foreach (var (left, leftNats) in NatKinds.All)
        {
            foreach (var (right, rightNats) in NatKinds.All)
            {
                var (kind, slowest) = (default(CrossingKind), TimeSpan.Zero);
                foreach (var seed in SeedsOf($"{left} × {right}"))
                {
                    using var scene = new MeetingScene(seed, leftNats, rightNats);
                    kind = scene.Plan.Kind;
                    if (scene.Plan.Limit is not { } limit) continue;
                    var time = scene.Meet(TimeSpan.FromSeconds(2), limit);
                    if (time is null) failures.AppendLine(CultureInfo.InvariantCulture, $"{left} × {right}, {kind}: not within {limit.TotalSeconds:0} s, ./dev sim {seed}");
                    else if (time > slowest) slowest = time.Value;
                }

                table.Append(CultureInfo.InvariantCulture, $"{left} × {right}: {kind}, {Outcome(kind)}\n");
                TestContext.Current.TestOutputHelper?.WriteLine($"{left} × {right}: {kind}, at most {slowest.TotalSeconds:0.00} s");
            }
        }

        Assert.True(failures.Length == 0, failures.ToString());
        Snapshot.Matches(Simulated, table.ToString());
    }

    [Fact]
    public void The_kernels_NATs_are_crossed_as_the_simulated_ones()
    {
        var simulated = Repository.Read(Simulated).Split('\n').ToHashSet();
        Assert.All(Repository.Read(Lab).Split('\n'), line => Assert.Contains(line, simulated));
    }

    private static string Outcome(CrossingKind kind) => kind switch
    {
        CrossingKind.Hopeless => "refused",
        CrossingKind.OwnNetworkOnly => "refused unless in one network",
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
