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

    private readonly ProgressLine _line = new();

    // A log needs no first line at the very start.
    private Instant _next = surroundings.OutputIsTerminal ? Instant.Zero : now() + LogEvery;

    /// <summary>When the first byte moved, on the clock of the copy.</summary>
    public TimeSpan Begin => _line.Begin;

    /// <summary>Shows where the copy is. One call at a time.</summary>
    public void Show(CopyProgress progress)
    {
        _line.Observe(progress);
        var time = now();
        if (time < _next && !progress.Final) return;
        _next = time + (surroundings.OutputIsTerminal ? RedrawEvery : LogEvery);
        if (!surroundings.OutputIsTerminal) screen.Note(_line.Log(progress));
        else screen.Progress(_line.Draw(progress, roundTrip() is { Ticks: > 0 } known ? known : null, surroundings.Width()));
    }
}
