using System.Diagnostics;
using System.Globalization;
using System.Text;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Transfers;

namespace P2PCopy.Tests.Simulation.Transfers;

/// <summary>
/// Transfers out of chance over links out of chance. Two classes share the seeds, so that they run side by side.
/// <c>./dev sim SEED</c> runs one seed alone, <c>./dev sim</c> takes seeds that nobody has seen.
/// </summary>
public abstract class UdtSweep
{
    private const int Slowest = 5;

    // Each of these found a fault: the set of missing packets went round its ring.
    private static readonly ulong[] OnceFailed = [407, 451, 1535, 1944, 2729];

    private readonly List<(TimeSpan Took, double Slowness, string Line)> _runs = [];

    /// <summary>The seeds of one class: its share of the fixed ones, else what the run asks for.</summary>
    protected static IEnumerable<ulong> Seeds(ulong first, int count, ulong step)
    {
        var asked = SimulationSeeds.From();
        return asked.Count switch
        {
            0 => OnceFailed.Where(seed => seed % step == first % step).Union(Range(first, count, step)),
            1 => first == 1 ? asked : [],
            _ => asked.SelectMany(seed => Range(seed, count / asked.Count, 1)),
        };
    }

    protected void Sweep(IEnumerable<ulong> seeds)
    {
        var failures = new StringBuilder();
        foreach (var seed in seeds)
            if (Run(seed) is { } failure) failures.AppendLine(failure);

        Report("longest to compute", _runs.OrderByDescending(run => run.Took));
        Report("slowest for their path", _runs.OrderByDescending(run => run.Slowness));
        Assert.True(failures.Length == 0, failures.ToString());
    }

    private string? Run(ulong seed)
    {
        var began = Stopwatch.GetTimestamp();
        var scenario = UdtScenario.FromSeed(seed);
        using var transfer = new UdtTransfer(scenario);
        try
        {
            transfer.Run();
        }
        catch (SimulationException failure)
        {
            return $"./dev sim {seed}\n{scenario}\n{failure.Message}";
        }

        var took = Stopwatch.GetElapsedTime(began);
        var slowness = scenario.Slowness(transfer.Duration);
        _runs.Add((took, slowness, string.Create(
            CultureInfo.InvariantCulture,
            $"{took.TotalMilliseconds:0} ms, {transfer.Steps} steps, {transfer.Duration.TotalSeconds:0.###} virtual s, slowness {slowness:0.#}: {scenario}")));
        return null;
    }

    private static void Report(string what, IEnumerable<(TimeSpan Took, double Slowness, string Line)> runs)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}:");
        foreach (var (_, _, line) in runs.Take(Slowest)) TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    private static IEnumerable<ulong> Range(ulong first, int count, ulong step)
    {
        for (var i = 0UL; i < (ulong)count; i++) yield return first + (i * step);
    }
}
