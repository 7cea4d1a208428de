using P2PCopy.EndToEnd.Lab;

namespace P2PCopy.Bench;

/// <summary>
/// Runs all contestants of a row in turn, so that a machine whose speed drifts is unfair to none, keeps what it measures and writes the
/// page.
/// </summary>
internal static class Comparison
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>Measures.</summary>
    /// <param name="rounds">How often each contestant runs.</param>
    /// <param name="rowKey">Only this row.</param>
    /// <param name="only">Only contestants whose names begin so.</param>
    public static async Task<int> RunAsync(int rounds, string? rowKey, string? only)
    {
        if (Requirements.MissingForLab is { } missing)
        {
            await Console.Error.WriteLineAsync($"cannot measure: {missing}");
            return 1;
        }

        foreach (var row in BenchRow.All.Where(row => rowKey is null || row.Key == rowKey))
        {
            var runs = row.Contestants
                .Where(contestant => contestant.IsAvailable && (only is null || contestant.Name.StartsWith(only, StringComparison.Ordinal)))
                .ToDictionary(contestant => contestant, _ => new List<Measurement>());

            // The first run after a build, or after another row, takes up to twice the processor time of the next ones, whoever it is.
            if (runs.Count > 0) await MeasureAsync(row, runs.Keys.First());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var (contestant, measured) in runs)
                {
                    measured.Add(await MeasureAsync(row, contestant));
                    Console.WriteLine($"{row.Name}, {contestant.Name}: {measured[^1]}");
                }
            }

            var records = Records.Read();
            foreach (var (contestant, measured) in runs) records.Replace(row, contestant, measured);
            records.Write();
            Page.Write(records);
        }

        Trial.Clean();
        return 0;
    }

    /// <summary>Measures sealed copies over one link, one after the other, shows each and keeps nothing.</summary>
    public static async Task<int> TryAsync(string knobs, int mebibytes, int rounds)
    {
        var row = new BenchRow("", knobs, knobs.Length == 0 ? null : knobs, mebibytes) { HasPinger = knobs.Length > 0 };
        for (var round = 0; round < rounds; round++) Console.WriteLine(await MeasureAsync(row, Contestant.Program));
        Trial.Clean();
        return 0;
    }

    private static async Task<Measurement> MeasureAsync(BenchRow row, Contestant contestant)
    {
        using var trial = await Trial.PrepareAsync(row.Knobs, row.BytesOf(contestant));
        if (row.IsShare) return new Measurement(double.NaN) { TcpShare = await Neighbour.MeasureAsync(trial, contestant) / row.LinkMegabits * 100 };
        if (!row.HasPinger) return await contestant.RunAsync(trial);

        using var pinger = new Pinger(trial.Left, trial.Right);
        await Task.Delay(Idle);
        var begin = pinger.Now;
        var (idle, _) = pinger.Between(TimeSpan.Zero, begin);
        var running = contestant.RunAsync(trial);
        await trial.Flows.Task;
        var flows = pinger.Now + Settling;
        var measurement = await running;
        var (loaded, high) = pinger.Between(flows, pinger.Now);
        return measurement with { IdleRoundTrip = idle, LoadedRoundTrip = loaded, HighRoundTrip = high };
    }
}
