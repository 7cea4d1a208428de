using P2PCopy.Cli.Commands.Sealed;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Measuring;

namespace P2PCopy.Cli.Commands.Measuring;

/// <summary>A running <c>p2pcopy bench</c> with a peer: meets it, measures the path both ways, and says how fast it is.</summary>
/// <param name="context">The running command.</param>
internal sealed class PathBench(CommandContext context)
{
    private readonly Screen _screen = context.Screen;

    /// <summary>Measures the path to a peer who waits for that.</summary>
    /// <param name="each">How long bytes flow each way.</param>
    /// <param name="cancellation">Ctrl+C.</param>
    public Task<ExitCode> MeasureAsync(TimeSpan each, CancellationToken cancellation) =>
        RunAsync(sends: true, (measurement, token) => measurement.MeasureAsync(each, token), cancellation);

    /// <summary>Waits for a peer who measures.</summary>
    public Task<ExitCode> ServeAsync(CancellationToken cancellation) =>
        RunAsync(sends: false, static (measurement, token) => measurement.ServeAsync(token), cancellation);

    private async Task<ExitCode> RunAsync(bool sends, Func<PathMeasurement, CancellationToken, Task<MeasureOutcome>> measure, CancellationToken cancellation)
    {
        // PROTOCOL MEAS-4. Nothing of the user's is read or written, so whoever has the ticket may know how fast the path is.
        var meeting = new SealedMeeting(context, sends, waivesWords: true) { Measures = true };
        await using (meeting.ConfigureAwait(false))
        {
            var stream = await meeting.MeetAsync(cancellation).ConfigureAwait(false);
            var display = new MeasureDisplay(_screen, context.Surroundings);
            var outcome = await measure(new PathMeasurement(CopyConnection.Over(stream), () => stream.Statistics, display.Show), cancellation).ConfigureAwait(false);
            _screen.DropProgress();
            await meeting.LeaveAsync(stream).ConfigureAwait(false);
            return Tell(outcome);
        }
    }

    private ExitCode Tell(MeasureOutcome outcome)
    {
        Tell("To your peer", "toPeer", outcome.Sent);
        Tell("From your peer", "fromPeer", outcome.Received);
        return MeasureEnd.Tell(_screen, outcome);
    }

    private void Tell(string way, string what, MeasuredFlow? flow)
    {
        if (flow is null) return;
        _screen.Result($"{way}: {FlowText.Of(flow)}", hasEvent: true);
        _screen.Note($"  {FlowText.Detail(flow)}", hasEvent: true);
        context.Surroundings.Events.TellMeasured(what, flow);
    }
}
