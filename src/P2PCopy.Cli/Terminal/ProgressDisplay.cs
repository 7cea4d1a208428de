using P2PCopy.Datagrams;
using P2PCopy.Transfer;

namespace P2PCopy.Cli.Terminal;

/// <summary>
/// Puts progress where it belongs: a line that redraws itself on a terminal, ten times a second at most, or a line of its own now
/// and then in a log.
/// </summary>
/// <param name="screen">Where to.</param>
/// <param name="surroundings">Tells whether that is a terminal, and how wide.</param>
/// <param name="now">The clock of the redrawing.</param>
/// <param name="roundTrip">The path's round trip; zero while unknown.</param>
internal sealed class ProgressDisplay(Screen screen, Surroundings surroundings, Func<Instant> now, Func<TimeSpan> roundTrip)
{
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    private readonly ProgressLine _line = new();

    // A log needs no first line at the very start.
    private Instant _next = surroundings.OutputIsTerminal ? Instant.Zero : now() + LogEvery;

    private Instant _nextEvent = Instant.Zero;

    /// <summary>When the first byte moved, on the clock of the copy.</summary>
    public TimeSpan Begin => _line.Begin;

    /// <summary>Shows where the copy is. One call at a time.</summary>
    public void Show(CopyProgress progress)
    {
        _line.Observe(progress);
        var time = now();
        if (surroundings.Events.IsOn && (time >= _nextEvent || progress.Final)) Tell(progress, time);
        if (time < _next && !progress.Final) return;
        _next = time + (surroundings.OutputIsTerminal ? RedrawEvery : LogEvery);
        if (!surroundings.OutputIsTerminal) screen.Note(_line.Log(progress), hasEvent: true);
        else screen.Progress(_line.Draw(progress, roundTrip() is { Ticks: > 0 } known ? known : null, surroundings.Width()), Running(progress));
    }

    private string? Running(CopyProgress progress) =>
        progress is { Files: > 1, Running: not null, Final: false } && surroundings.MovesCursor ? ProgressLine.DrawRunning(progress, surroundings.Width()) : null;

    private void Tell(CopyProgress progress, Instant time)
    {
        _nextEvent = time + TellEvery;
        surroundings.Events.Emit("progress", json =>
        {
            json.WriteNumber("bytes", progress.Bytes);
            if (!progress.IsOpenEnded) json.WriteNumber("total", progress.Total);
            json.WriteNumber("files", progress.EndedFiles);
            json.WriteNumber("totalFiles", Math.Max(1, progress.Files));
            json.WriteNumber("bytesPerSecond", (long)_line.BytesPerSecond(progress));
            json.WriteNumber("seconds", Math.Round((progress.Elapsed - Begin).TotalSeconds, 3));
            json.WriteNumber("silentSeconds", Math.Round(progress.Silence.TotalSeconds, 1));
            if (roundTrip() is { Ticks: > 0 } trip) json.WriteNumber("roundTripMilliseconds", Math.Round(trip.TotalMilliseconds, 1));
            if (progress.Running is not { } running) return;
            json.WriteString("file", EventStream.Readable(running));
            json.WriteNumber("fileBytes", progress.RunningBytes);
            json.WriteNumber("fileTotal", progress.RunningSize);
        });
    }
}
