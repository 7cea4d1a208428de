using System.Globalization;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Terminal;

/// <summary>
/// The line that shows a copy going on, as text from numbers: spinner, bar, amounts and rate as the original drew them, then the
/// path's round trip and the time left where the terminal is wide enough.
/// </summary>
internal sealed class ProgressLine
{
    /// <summary>Silence after which the rate is replaced by the wait.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(3);

    // Before the first byte there is no rate that could be shown instead.
    private static readonly TimeSpan ShortStall = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RateMemory = TimeSpan.FromSeconds(3);

    // Longer than the rate's: found blocks come in bursts between those that travel.
    private static readonly TimeSpan EstimateMemory = TimeSpan.FromSeconds(8);

    private const string Spinner = @"\|/-";
    private const int WidestBar = 36;
    private const int NarrowestBar = 4;
    private const int LeastName = 20;

    private readonly SmoothedRate _rate = new(RateMemory);
    private readonly SmoothedRate _advance = new(EstimateMemory);
    private int _turns;
    private int _barRoom;
    private int _longestTail;

    /// <summary>When the first byte moved, on the clock of the copy: before, the peer's user was making up their mind.</summary>
    public TimeSpan Begin { get; private set; }

    /// <summary>Takes a reading that is not shown.</summary>
    public void Observe(CopyProgress progress)
    {
        if (progress.Bytes == 0) Begin = progress.Elapsed;
        _rate.Add(progress.Elapsed - Begin, progress.Travelled);
        _advance.Add(progress.Elapsed - Begin, progress.Bytes - progress.Skipped);
    }

    /// <summary>
    /// The rate of what travels now; at the end the mean of the whole copy, which is what a user compares. Blocks that were there already
    /// count for the amount only: they would show a rate that no network has.
    /// </summary>
    public double BytesPerSecond(CopyProgress progress)
    {
        var time = progress.Elapsed - Begin;
        return !progress.Final ? _rate.BytesPerSecond : time > TimeSpan.Zero ? progress.Travelled / time.TotalSeconds : 0;
    }

    /// <summary>
    /// How long it will take still, if it goes on as in the last seconds, with blocks that are found in place and blocks that travel; null
    /// while nobody can tell. Whole files that are passed over take no time, so they say nothing about the rest.
    /// </summary>
    public TimeSpan? TimeLeft(CopyProgress progress)
    {
        if (progress.Final || progress.IsOpenEnded || Stalls(progress) || _advance.BytesPerSecond < 1) return null;
        var seconds = (progress.Total - progress.Bytes) / _advance.BytesPerSecond;
        return seconds < TimeSpan.FromDays(99).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>The text for a terminal line.</summary>
    /// <param name="progress">Where the copy is.</param>
    /// <param name="roundTrip">The path's round trip, where it is known.</param>
    /// <param name="columns">The width of the terminal; the text stays below it, as a full line would wrap.</param>
    public string Draw(CopyProgress progress, TimeSpan? roundTrip, int columns)
    {
        Observe(progress);
        var room = Math.Max(columns, 2) - 1;
        var spinner = Spinner[_turns++ % Spinner.Length];
        var amounts = $" {Amount(progress)}.";
        var state = Stalls(progress) ? $" waiting for peer {DurationText.Rough(progress.Silence)}" : $" {Rate(progress)}";
        var trip = roundTrip is { } time && !progress.Final ? $", RTT {Math.Max(1, Math.Round(time.TotalMilliseconds)):0} ms" : "";
        var left = Left(progress) is { } rest ? $", {rest} left" : "";

        string[] tails = [amounts + state + trip + left, amounts + state + left, amounts + state];
        if (progress.IsOpenEnded)
        {
            // Nobody knows how much it will be: there is nothing that a bar could show.
            var open = spinner + Array.Find(tails, tail => tail.Length < room) ?? amounts;
            return open.Length <= room ? open : open[..room];
        }

        foreach (var tail in tails)
        {
            if (room - tail.Length - 3 < NarrowestBar) continue;
            return spinner + Bar(progress, BarCells(room - 3, tail.Length)) + tail;
        }

        var bare = $"{Percent(progress)}%{state}{left}";
        if (bare.Length > room) bare = $"{Percent(progress)}%{state}";
        return bare.Length <= room ? bare : bare[..room];
    }

    /// <summary>The text for a log that is no terminal: no spinner, no bar.</summary>
    public string Log(CopyProgress progress)
    {
        Observe(progress);
        var state = Stalls(progress) ? $"waiting for peer {DurationText.Rough(progress.Silence)}" : Rate(progress);
        var left = Left(progress) is { } rest ? $", {rest} left" : "";
        return $"{Amount(progress)}{(progress.IsOpenEnded ? "" : $" ({Percent(progress)}%)")}. {state}{left}";
    }

    /// <summary>The line of the file that is under way, of a copy of several.</summary>
    public static string DrawRunning(CopyProgress progress, int columns)
    {
        var room = Math.Max(columns, 2) - 1;
        var before = string.Create(CultureInfo.InvariantCulture, $"{Math.Min(progress.EndedFiles + 1, progress.Files):N0} of {progress.Files:N0}: ");
        var after = progress.RunningSize > 0 ? $" ({DisplayText.Size(progress.RunningBytes)} / {DisplayText.Size(progress.RunningSize)})" : "";
        var space = room - before.Length - after.Length;
        if (space < LeastName) (after, space) = ("", room - before.Length);
        var line = before + (space >= LeastName ? DisplayText.Escape(progress.Running ?? "", space) : "") + after;
        return line.Length <= room ? line : line[..room];
    }

    private static string Amount(CopyProgress progress) =>
        progress.IsOpenEnded ? DisplayText.Size(progress.Bytes) : $"{DisplayText.Size(progress.Bytes)} / {DisplayText.Size(progress.Total)}";

    private static bool Stalls(CopyProgress progress) => !progress.Final && progress.Silence >= (progress.Bytes == 0 ? ShortStall : Stall);

    // The bar leaves room for the longest text so far, else it would jump whenever a number gets a digit less.
    private int BarCells(int room, int tail)
    {
        if (room != _barRoom || room - _longestTail < NarrowestBar) _longestTail = 0;
        _barRoom = room;
        _longestTail = Math.Max(_longestTail, tail);
        return Math.Min(WidestBar, room - _longestTail);
    }

    private string Rate(CopyProgress progress) => DisplayText.Size((long)BytesPerSecond(progress)) + "/s";

    private string? Left(CopyProgress progress) => TimeLeft(progress) is { } time ? DurationText.Rough(time) : null;

    private static string Bar(CopyProgress progress, int cells)
    {
        var full = (int)(Share(progress) * cells);
        return $"[{new string('#', full)}{new string('-', cells - full)}]";
    }

    // Rounded down: 100 stands for all of it only.
    private static int Percent(CopyProgress progress) => (int)(Share(progress) * 100);

    private static double Share(CopyProgress progress) =>
        progress.Total <= 0 ? 1 : Math.Clamp((double)progress.Bytes / progress.Total, 0, 1);
}
