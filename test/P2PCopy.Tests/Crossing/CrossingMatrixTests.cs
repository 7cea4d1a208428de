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
                var missed = new List<ulong>();
                var seeds = SeedsOf($"{left} × {right}").ToArray();
                foreach (var seed in seeds)
                {
                    using var scene = new MeetingScene(seed, leftNats, rightNats);
                    kind = scene.Plan.Kind;
                    if (scene.Plan.Limit is not { } limit) continue;
                    var time = scene.Meet(TimeSpan.FromSeconds(2), limit);
                    if (time is null) missed.Add(seed);
                    else if (time > slowest) slowest = time.Value;
                }

                // A round of guesses misses in 3 of 10,000 cases, and the next one comes after the limit.
                if (missed.Count > (kind == CrossingKind.Guessing ? seeds.Length / 100 : 0))
                    failures.AppendLine(CultureInfo.InvariantCulture, $"{left} × {right}, {kind}: not in time, ./dev sim {string.Join(' ', missed)}");
                table.Append(CultureInfo.InvariantCulture, $"{left} × {right}: {kind}, {Outcome(kind)}\n");
                TestContext.Current.TestOutputHelper?.WriteLine($"{left} × {right}: {kind}, at most {slowest.TotalSeconds:0.00} s, {missed.Count} of {seeds.Length} missed");
            }
        }

        Assert.True(failures.Length == 0, failures.ToString());
        Snapshot.Matches(Simulated, table.ToString());
    }

    [Fact]
    public void The_kernels_NATs_are_crossed_as_the_simulated_ones()
    {
        // The kernel has no kind of its own for a host with a public address behind a firewall.
        var simulated = Repository.Read(Simulated).Split('\n').Where(line => !line.Contains("firewall", StringComparison.Ordinal));
        Assert.Equal(simulated, Repository.Read(Lab).Split('\n'));
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
