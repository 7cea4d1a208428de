using System.Globalization;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.Bench;

/// <summary>All runs as they were measured, a line each, so that anybody can look behind the medians.</summary>
internal sealed class Records
{
    private const string Head = "# row\tcontestant\tcommit\tday\tMbit/s\twith start\tCPU s per GiB\tMiB\tRTT idle\tRTT\tRTT 95 %\tTCP share %";

    private readonly List<Record> _records = [];

    /// <summary>One run.</summary>
    internal sealed record Record(string Row, string Contestant, string Commit, string Day, Measurement Measurement);

    private static string Path => System.IO.Path.Combine(Repository.Root, "bench", "results.tsv");

    /// <summary>What has been measured.</summary>
    public static Records Read()
    {
        var records = new Records();
        if (!File.Exists(Path)) return records;
        foreach (var line in File.ReadLines(Path).Where(line => !line.StartsWith('#')))
        {
            var cells = line.Split('\t');
            double Number(int index) => cells[index] == "-" ? double.NaN : double.Parse(cells[index], CultureInfo.InvariantCulture);
            records._records.Add(new Record(cells[0], cells[1], cells[2], cells[3], new Measurement(Number(4))
            {
                WholeMegabits = Number(5),
                Cpu = Number(6),
                Memory = Number(7),
                IdleRoundTrip = Number(8),
                LoadedRoundTrip = Number(9),
                HighRoundTrip = Number(10),
                TcpShare = Number(11),
            }));
        }

        return records;
    }

    /// <summary>The runs of one contestant in one row.</summary>
    public IReadOnlyList<Record> Of(BenchRow row, Contestant contestant) =>
        _records.FindAll(record => record.Row == row.Key && record.Contestant == contestant.Name);

    /// <summary>The median of a figure of one contestant in one row; not a number where there is none.</summary>
    public double Median(BenchRow row, Contestant contestant, Func<Measurement, double> figure) => Median([.. Of(row, contestant).Select(record => figure(record.Measurement))]);

    /// <summary>Puts new runs in the place of the old ones of the same contestant and row.</summary>
    public void Replace(BenchRow row, Contestant contestant, IEnumerable<Measurement> runs)
    {
        var commit = RealProcess.Run("git", ["-C", Repository.Root, "rev-parse", "--short", "HEAD"]).Trim();
        var day = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        _records.RemoveAll(record => record.Row == row.Key && record.Contestant == contestant.Name);
        _records.AddRange(runs.Select(run => new Record(row.Key, contestant.Name, commit, day, run)));
    }

    /// <summary>Keeps them.</summary>
    public void Write()
    {
        var rows = BenchRow.All.Select((row, index) => (row.Key, index)).ToDictionary(pair => pair.Key, pair => pair.index);
        var lines = _records.OrderBy(record => rows.GetValueOrDefault(record.Row)).ThenBy(record => record.Contestant, StringComparer.Ordinal).Select(Line);
        File.WriteAllLines(Path, lines.Prepend(Head));
    }

    internal static double Median(double[] values)
    {
        var sorted = values.Where(value => !double.IsNaN(value)).Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Line(Record record)
    {
        var run = record.Measurement;
        double[] figures = [run.Megabits, run.WholeMegabits, run.Cpu, run.Memory, run.IdleRoundTrip, run.LoadedRoundTrip, run.HighRoundTrip, run.TcpShare];
        var cells = figures.Select(figure => double.IsNaN(figure) ? "-" : figure.ToString("0.##", CultureInfo.InvariantCulture));
        return string.Join('\t', [record.Row, record.Contestant, record.Commit, record.Day, .. cells]);
    }
}
