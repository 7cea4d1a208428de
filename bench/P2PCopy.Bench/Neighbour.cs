using System.Globalization;
using System.Text.RegularExpressions;

namespace P2PCopy.Bench;

/// <summary>A TCP CUBIC flow that was there first: how much of the link it keeps when a contestant comes.</summary>
internal static partial class Neighbour
{
    private const int Alone = 5;
    private const int Settling = 5;
    private const int Measured = 20;
    private static readonly string[] Server = ["--forceflush", "-s", "-1", "-p", "5201"];

    /// <summary>Megabits a second that the flow gets beside the contestant.</summary>
    public static async Task<double> MeasureAsync(Trial trial, Contestant contestant)
    {
        const int Seconds = Alone + Settling + Measured + 1;
        var server = trial.Right.Start("iperf3", Server);
        await server.WaitForWordsAsync("Server listening", Trial.Limit);
        string[] flow = ["--forceflush", "-f", "m", "-i", "1", "-C", "cubic", "-c", Trial.RightAddress, "-p", "5201", "-t", $"{Seconds}"];
        trial.Left.Start("iperf3", flow);
        await server.WaitForLineAsync(line => Interval().Match(line) is { Success: true } match && Start(match) >= Alone - 1, "the flow alone", Trial.Limit);

        // It goes on until the lab ends it.
        var copy = contestant.RunAsync(trial);
        await server.WaitForLineAsync(line => Interval().Match(line) is { Success: true } match && Start(match) >= Seconds - 1, "the flow's end", Trial.Limit);
        if (copy.IsCompleted) await copy;
        if (copy.IsCompleted) throw new InvalidOperationException("the copy was over before the flow beside it");
        var rates = Interval().Matches(server.Output).Where(match => Start(match) is >= Alone + Settling and < Alone + Settling + Measured);
        return rates.Average(match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    private static double Start(Match interval) => double.Parse(interval.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\]\s+([\d.]+)-[\d.]+\s+sec\s+.*\s([\d.]+) Mbits/sec")]
    private static partial Regex Interval();
}
