using System.Globalization;
using System.Text;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Simulation.Paths;

/// <summary>Pairs out of chance that meet and suffer. <c>./dev sim SEED</c> runs one seed alone, <c>./dev sim</c> takes new ones.</summary>
public sealed class PathSweepTests
{
    private const int Runs = 4000;

    [Fact]
    public void Every_pair_that_can_meet_does_so_in_time_and_finds_itself_again()
    {
        var failures = new StringBuilder();
        Dictionary<PathAccident, (int Count, TimeSpan Meeting, TimeSpan Recovery)> slowest = [];
        foreach (var seed in Seeds())
        {
            var scenario = PathScenario.FromSeed(seed);
            using var run = new PathRun(scenario);
            try
            {
                run.Run();
            }
            catch (SimulationException failure)
            {
                failures.AppendLine(CultureInfo.InvariantCulture, $"./dev sim {seed}\n{scenario}\n{run}\n{failure.Message}");
                if (failures.Length > 200_000) break;
                continue;
            }

            if (scenario.IsLossy) continue;
            var (count, meeting, recovery) = slowest.GetValueOrDefault(scenario.Accident);
            slowest[scenario.Accident] = (count + 1, Longer(meeting, run.Meeting), Longer(recovery, run.Recovery));
        }

        foreach (var (accident, (count, meeting, recovery)) in slowest.OrderBy(entry => entry.Key))
            TestContext.Current.TestOutputHelper?.WriteLine($"{accident}: {count} without loss, met within {meeting.TotalSeconds:0.000} s, again within {recovery.TotalSeconds:0.000} s");
        Assert.True(failures.Length == 0, failures.ToString());
    }

    /// <summary>Pairs that meet at once whoever comes first, by links that cost next to no time.</summary>
    [Theory]
    [MemberData(nameof(InstantPairs))]
    public void Cones_and_all_that_face_an_open_one_meet_within_a_second_of_the_later_paste(NatBehavior left, NatBehavior right, double leftLater)
    {
        using var run = new PathRun(PathScenario.FromSeed(1) with
        {
            LeftNat = left,
            RightNat = right,
            LeftLater = TimeSpan.FromSeconds(leftLater),
            Link = LinkProfile.Lan,
            WithV6 = false,
            SameNetwork = false,
        });
        run.Meet();
        Assert.InRange(run.Meeting.TotalSeconds, 0, 1);
    }

    public static TheoryData<NatBehavior, NatBehavior, double> InstantPairs()
    {
        NatBehavior[] cones = [NatBehavior.FullCone, NatBehavior.RestrictedCone, NatBehavior.PortRestrictedCone];
        var pairs = cones.SelectMany(left => cones.Select(right => (left, right)))
            .Append((NatBehavior.FullCone, NatBehavior.Symmetric))
            .Append((NatBehavior.RestrictedCone, NatBehavior.Symmetric));
        TheoryData<NatBehavior, NatBehavior, double> data = [];
        foreach (var (left, right) in pairs)
            foreach (var later in (double[])[-2, 0, 2]) data.Add(left, right, later);
        return data;
    }

    private static IEnumerable<ulong> Seeds()
    {
        var asked = SimulationSeeds.From();
        return asked.Count switch
        {
            0 => Enumerable.Range(1, Runs).Select(seed => (ulong)seed),
            1 => asked,
            _ => asked.SelectMany(seed => Enumerable.Range(0, Runs / asked.Count).Select(next => seed + (ulong)next)),
        };
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
