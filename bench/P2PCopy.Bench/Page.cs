using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.Bench;

/// <summary>Writes bench/RESULTS.md and its plots from what was measured; what people have to say about it stands in bench/notes.md.</summary>
internal static class Page
{
    private static string Folder => Path.Combine(Repository.Root, "bench");

    public static void Write(Records records)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "plots"));
        var page = new StringBuilder();
        page.AppendLine(Head());
        foreach (var row in BenchRow.All) Append(page, records, row);
        page.AppendLine(File.ReadAllText(Path.Combine(Folder, "notes.md")).TrimEnd());
        File.WriteAllText(Path.Combine(Folder, "RESULTS.md"), page.Replace("\r\n", "\n").ToString());
    }

    private static string Head() => $"""
        # Results

        `./dev bench` writes this page (as root on Linux, with the packages of `test/install-packages`); `./dev bench --row KEY` measures
        one row anew, and [results.tsv](results.tsv) has every run. Two processes in two network namespaces of one machine, who take turns
        within a round; figures are medians, in brackets the least and the most. Files lie in memory on both sides and are compared after
        each run. Shaped links are emulated by a third process on the same machine; their rate counts IP bytes, of which a full sealed packet
        carries 94.9 % file. Absolute figures drift with the machine by tens of percent: trust ratios within a row.

        *Mbit/s* counts from the moment at which both sides are connected; *with start* counts from the moment at which the second ticket was
        entered, with key exchange and search for the packet size; the streams (P2PCopy.Udt) count it from their start. CPU is that of both
        ends with their starts; memory is the peak of the larger end.

        Measured on {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.

        """;

    private static void Append(StringBuilder page, Records records, BenchRow row)
    {
        var present = row.Contestants.Where(contestant => records.Of(row, contestant).Count > 0).ToArray();
        if (present.Length == 0) return;
        page.AppendLine(CultureInfo.InvariantCulture, $"## {Capital(row.Name)}\n");
        if (row.Asked.Length > 0) page.AppendLine(CultureInfo.InvariantCulture, $"Asked of p2pcopy: {row.Asked}.\n");
        if (row.Knobs is not null) page.AppendLine(CultureInfo.InvariantCulture, $"Link: `{row.Knobs}`.\n");
        page.AppendLine(CultureInfo.InvariantCulture, $"![{row.Name}](plots/{row.Key}.svg)\n");
        if (row.IsShare) AppendShares(page, records, row, present);
        else AppendRates(page, records, row, present);
        page.AppendLine();
        Func<Measurement, double> figure = row.IsShare ? run => run.TcpShare : run => run.Megabits;
        var bars = present.Select(contestant => (contestant.Name, records.Of(row, contestant).Select(record => figure(record.Measurement)).ToArray()));
        var title = row.IsShare ? $"{Capital(row.Name)}: percent left to it" : $"{Capital(row.Name)}: Mbit/s of file";
        File.WriteAllText(Path.Combine(Folder, "plots", $"{row.Key}.svg"), BarPlot.Draw(title, [.. bars]));
    }

    private static void AppendRates(StringBuilder page, Records records, BenchRow row, Contestant[] present)
    {
        var pings = row.HasPinger;
        page.AppendLine($"| | Mbit/s | with start | × scp | CPU s per GiB | MiB |{(pings ? " RTT idle, ms | RTT under load | 95 % |" : "")} copied, MiB | runs | commit |");
        page.AppendLine($"| --- | --- | --- | --- | --- | --- |{(pings ? " --- | --- | --- |" : "")} --- | --- | --- |");
        var scp = records.Median(row, Contestant.Scp, run => run.Megabits);
        foreach (var contestant in present)
        {
            var runs = records.Of(row, contestant);
            string Of(Func<Measurement, double> figure) => BarPlot.Format(records.Median(row, contestant, figure));
            var range = $"{BarPlot.Format(runs.Min(run => run.Measurement.Megabits))} – {BarPlot.Format(runs.Max(run => run.Measurement.Megabits))}";
            var times = records.Median(row, contestant, run => run.Megabits) / scp;
            page.Append(CultureInfo.InvariantCulture, $"| {contestant.Name} | {Of(run => run.Megabits)} ({range}) | {Of(run => run.WholeMegabits)} | {BarPlot.Format(times)} | {Of(run => run.Cpu)} | {Of(run => run.Memory)} |");
            if (pings) page.Append(CultureInfo.InvariantCulture, $" {Of(run => run.IdleRoundTrip)} | {Of(run => run.LoadedRoundTrip)} | {Of(run => run.HighRoundTrip)} |");
            page.AppendLine(CultureInfo.InvariantCulture, $" {row.BytesOf(contestant) >> 20} | {runs.Count} | {runs[0].Commit} |");
        }
    }

    private static void AppendShares(StringBuilder page, Records records, BenchRow row, Contestant[] present)
    {
        page.AppendLine("| beside it | TCP keeps, % of the link | runs | commit |\n| --- | --- | --- | --- |");
        foreach (var contestant in present)
        {
            var runs = records.Of(row, contestant);
            var (least, most) = (BarPlot.Format(runs.Min(run => run.Measurement.TcpShare)), BarPlot.Format(runs.Max(run => run.Measurement.TcpShare)));
            page.AppendLine(CultureInfo.InvariantCulture, $"| {contestant.Name} | {BarPlot.Format(records.Median(row, contestant, run => run.TcpShare))} ({least} – {most}) | {runs.Count} | {runs[0].Commit} |");
        }
    }

    private static string Capital(string text) => string.Concat(text[..1].ToUpperInvariant(), text[1..]);
}
