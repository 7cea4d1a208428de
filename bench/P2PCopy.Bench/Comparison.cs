using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using P2PCopy.EndToEnd.Lab;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.Bench;

/// <summary>
/// Runs both contestants in turn over each link, so that a machine whose speed drifts is unfair to neither, and writes the medians
/// and the ratios of the pairs.
/// </summary>
internal static class Comparison
{
    private const int Port = 9000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Measures.</summary>
    /// <param name="rounds">How often each.</param>
    /// <param name="only">Only what has a contestant of this name, and the table goes to the screen instead of the page.</param>
    public static async Task<int> RunAsync(int rounds, string? only = null)
    {
        if (Requirements.MissingForLab is { } missing)
        {
            await Console.Error.WriteLineAsync($"cannot measure: {missing}");
            return 1;
        }

        var table = new StringBuilder();
        foreach (var duel in Duel.All.Where(duel => only is null || duel.Challenger.Name == only))
        {
            var pairs = new List<(Measurement Baseline, Measurement Challenger)>();
            for (var round = 0; round < rounds; round++)
            {
                pairs.Add((await MeasureAsync(duel.Link, duel.Baseline), await MeasureAsync(duel.Link, duel.Challenger)));
                Console.WriteLine($"{duel.Link.Name}, {duel.Baseline.Name} and {duel.Challenger.Name}: {pairs[^1]}");
            }

            AppendRows(table, duel, pairs);
        }

        if (only is not null) Console.Write(table);
        else await File.WriteAllTextAsync(Path.Combine(Repository.Root, "bench", "RESULTS.md"), Page(table, rounds));
        return 0;
    }

    /// <summary>Measures sealed streams over one link, one after the other, and shows each.</summary>
    public static async Task<int> RunAsync(BenchLink link, int rounds)
    {
        for (var round = 0; round < rounds; round++) Console.WriteLine($"{link.Name}: {await MeasureAsync(link, Contestant.Sealed)}");
        return 0;
    }

    private static async Task<Measurement> MeasureAsync(BenchLink link, Contestant contestant)
    {
        using var lab = new NetworkLab();
        var (left, right) = (lab.Add("left"), lab.Add("right"));
        var (leftEnd, rightEnd) = (new LinkEnd(left, "wire", $"{Contestant.SenderAddress}/24"), new LinkEnd(right, "wire", "10.3.0.2/24"));
        if (link.Knobs is { } knobs) await LinkEmulatorProcess.StartAsync(leftEnd, rightEnd, knobs);
        else VethLink.Connect(leftEnd, rightEnd);

        var address = $"10.3.0.2:{Port}";
        if (contestant.Disturb is { } disturb)
        {
            // The stranger's wire is its own, so that only the receiver has to bear the flood.
            var stranger = lab.Add("stranger");
            VethLink.Connect(new LinkEnd(stranger, "wire", "10.4.0.1/24"), new LinkEnd(right, "outside", "10.4.0.2/24"));
            stranger.Ip("route add 10.3.0.0/24 via 10.4.0.2");
            await disturb(stranger, address).WaitForLineAsync("flood begins", Limit);
        }

        var receiver = contestant.StartReceiver(right, address, link.Bytes);
        await receiver.WaitForLineAsync("bound port=", Limit);
        var sender = contestant.StartSender(left, address, link.Bytes);
        return Measurement.From(
            await sender.WaitForLineAsync("transferred ", Limit), await receiver.WaitForLineAsync("transferred ", Limit), link.Bytes);
    }

    private static void AppendRows(StringBuilder table, Duel duel, List<(Measurement Baseline, Measurement Challenger)> pairs)
    {
        Row("Mbit/s", run => run.MegabitsPerSecond, "f0");
        Row("CPU s per GiB, both ends", run => run.CpuSecondsPerGibibyte, "f2");

        void Row(string figure, Func<Measurement, double> select, string format)
        {
            var ratios = pairs.ConvertAll(pair => select(pair.Challenger) / select(pair.Baseline));
            var baseline = Median(pairs.ConvertAll(pair => select(pair.Baseline))).ToString(format, CultureInfo.InvariantCulture);
            var challenger = Median(pairs.ConvertAll(pair => select(pair.Challenger))).ToString(format, CultureInfo.InvariantCulture);
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {duel.Link.Name} | {figure} | {duel.Baseline.Name} {baseline} | {duel.Challenger.Name} {challenger} | {Median(ratios):f2} | {ratios.Min():f2} – {ratios.Max():f2} |");
        }
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Page(StringBuilder table, int rounds) =>
        $"""
        # Results

        `./dev bench` writes this page (as root on Linux, with the packages of `test/install-packages`). The two of a line run in
        turn, two processes in two network namespaces of one machine, in {rounds} rounds; figures are medians, ratios are the
        second's to the first's in the same round. Absolute figures drift with the machine by tens of percent: trust the ratios. Every byte is
        made and verified on the way. Links have a queue of 256 KiB; their rate counts IP bytes.

        Commit {RealProcess.Run("git", ["-C", Repository.Root, "rev-parse", "--short", "HEAD"]).Trim()}, {DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; portable sockets.

        | link | figure | against | this | ratio, median | ratio, range |
        | --- | --- | --- | --- | --- | --- |
        {table}
        """;
}
