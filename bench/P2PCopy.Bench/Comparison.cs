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

    public static async Task<int> RunAsync(int rounds)
    {
        if (Requirements.MissingForLab is { } missing)
        {
            await Console.Error.WriteLineAsync($"cannot measure: {missing}");
            return 1;
        }

        var table = new StringBuilder();
        foreach (var link in BenchLink.All)
        {
            var pairs = new List<(Measurement Reference, Measurement Ours)>();
            for (var round = 0; round < rounds; round++)
            {
                pairs.Add((await MeasureAsync(link, Contestant.Reference), await MeasureAsync(link, Contestant.Ours)));
                Console.WriteLine($"{link.Name}: {pairs[^1]}");
            }

            AppendRows(table, link, pairs);
        }

        await File.WriteAllTextAsync(Path.Combine(Repository.Root, "bench", "RESULTS.md"), Page(table, rounds));
        return 0;
    }

    private static async Task<Measurement> MeasureAsync(BenchLink link, Contestant contestant)
    {
        using var lab = new NetworkLab();
        var (left, right) = (lab.Add("left"), lab.Add("right"));
        var (leftEnd, rightEnd) = (new LinkEnd(left, "wire", "10.3.0.1/24"), new LinkEnd(right, "wire", "10.3.0.2/24"));
        if (link.Knobs is { } knobs) await LinkEmulatorProcess.StartAsync(leftEnd, rightEnd, knobs);
        else VethLink.Connect(leftEnd, rightEnd);

        var address = $"10.3.0.2:{Port}";
        var receiver = contestant.StartReceiver(right, address, link.Bytes);
        await receiver.WaitForLineAsync("bound port=", Limit);
        var sender = contestant.StartSender(left, address, link.Bytes);
        return Measurement.From(
            await sender.WaitForLineAsync("transferred ", Limit), await receiver.WaitForLineAsync("transferred ", Limit), link.Bytes);
    }

    private static void AppendRows(StringBuilder table, BenchLink link, List<(Measurement Reference, Measurement Ours)> pairs)
    {
        Row("Mbit/s", pair => (pair.Reference.MegabitsPerSecond, pair.Ours.MegabitsPerSecond), "f0");
        Row("CPU s per GiB, both ends", pair => (pair.Reference.CpuSecondsPerGibibyte, pair.Ours.CpuSecondsPerGibibyte), "f2");

        void Row(string figure, Func<(Measurement Reference, Measurement Ours), (double Reference, double Ours)> select, string format)
        {
            var values = pairs.ConvertAll(pair => select(pair));
            var ratios = values.ConvertAll(value => value.Ours / value.Reference);
            table.AppendLine(CultureInfo.InvariantCulture, $"| {link.Name} | {figure} | {Median(values.ConvertAll(v => v.Reference)).ToString(format, CultureInfo.InvariantCulture)} | {Median(values.ConvertAll(v => v.Ours)).ToString(format, CultureInfo.InvariantCulture)} | {Median(ratios):f2} | {ratios.Min():f2} – {ratios.Max():f2} |");
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

        `./dev bench` writes this page (as root on Linux, with the packages of `test/install-packages`). Both contestants run in
        turn, two processes in two network namespaces of one machine, in {rounds} rounds; figures are medians, ratios are ours to the
        reference's in the same round. Absolute figures drift with the machine by tens of percent: trust the ratios. Every byte is
        made and verified on the way. Links have a queue of 256 KiB; their rate counts IP bytes.

        Commit {RealProcess.Run("git", ["-C", Repository.Root, "rev-parse", "--short", "HEAD"]).Trim()}, {DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; portable sockets.

        | link | figure | reference UDT 4.11 | P2PCopy.Udt | ratio, median | ratio, range |
        | --- | --- | --- | --- | --- | --- |
        {table}
        """;
}
