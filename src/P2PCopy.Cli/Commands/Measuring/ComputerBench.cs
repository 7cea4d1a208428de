using P2PCopy.Cli.IO;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Measuring;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Measuring;

/// <summary>A running <c>p2pcopy bench</c> without a peer: both ends on this computer, and the disk of the current folder.</summary>
/// <param name="context">The running command.</param>
internal sealed class ComputerBench(CommandContext context)
{
    private static readonly TimeSpan DiskTime = TimeSpan.FromSeconds(2);

    private readonly Screen _screen = context.Screen;

    /// <summary>Measures both and says how fast they are.</summary>
    /// <param name="each">How long bytes flow each way.</param>
    /// <param name="cancellation">Ctrl+C.</param>
    public async Task<ExitCode> RunAsync(TimeSpan each, CancellationToken cancellation)
    {
        var code = await MeasureEndsAsync(each, cancellation).ConfigureAwait(false);
        if (code != ExitCode.Done) return code;
        await MeasureDiskAsync(cancellation).ConfigureAwait(false);
        _screen.Note("A copy goes as fast as the slowest of path, computers and disks lets it. To measure a path, run 'p2pcopy bench --wait' at its other end, and here 'p2pcopy bench' with the ticket that is printed there.");
        return ExitCode.Done;
    }

    private async Task<ExitCode> MeasureEndsAsync(TimeSpan each, CancellationToken cancellation)
    {
        var pair = await LoopbackPair.MeetAsync(context.Connection.Rate, cancellation).ConfigureAwait(false);
        await using (pair.ConfigureAwait(false))
        {
            var display = new MeasureDisplay(_screen, context.Surroundings, here: true);
            var serving = new PathMeasurement(CopyConnection.Over(pair.Waiting), () => pair.Waiting.Statistics).ServeAsync(cancellation);
            var outcome = await new PathMeasurement(CopyConnection.Over(pair.Measuring), () => pair.Measuring.Statistics, display.Show).MeasureAsync(each, cancellation).ConfigureAwait(false);
            await serving.ConfigureAwait(false);
            _screen.DropProgress();
            if (outcome is { Kind: OutcomeKind.Done, Sent: { } sent, Received: { } received })
            {
                var both = new MeasuredFlow { Bytes = sent.Bytes + received.Bytes, Time = sent.Time + received.Time };
                _screen.Result($"This computer, with both ends on it: {FlowText.Rate(both.BytesPerSecond)}, encrypted, from memory to memory", hasEvent: true);
                context.Surroundings.Events.TellMeasured("computer", both);
            }

            return MeasureEnd.Tell(_screen, outcome);
        }
    }

    private async Task MeasureDiskAsync(CancellationToken cancellation)
    {
        try
        {
            var folder = Directory.GetCurrentDirectory();
            var shown = DisplayText.Escape(folder, int.MaxValue);
            if (await Task.Run(() => DiskBench.Measure(folder, DiskTime, cancellation), cancellation).ConfigureAwait(false) is { } disk)
            {
                _screen.Result($"The disk of {shown}: writes {DisplayText.Size((long)disk.BytesPerSecond)}/s ({DisplayText.Size(disk.Bytes)} in {DurationText.Measured(disk.Time)}, until all was on it)", hasEvent: true);
                context.Surroundings.Events.TellMeasured(disk);
            }
            else
            {
                _screen.Note($"The disk of {shown} was not measured: there is too little room on it.");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _screen.Note($"The disk of the current folder was not measured, as it cannot be written to: {DisplayText.Escape(error.Message)}");
        }
    }
}
