using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Text;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>A running <c>p2pcopy receiver</c>: meets the peer, asks the user, copies, and says how it ended.</summary>
/// <param name="context">The running command.</param>
/// <param name="options">What is taken and where to.</param>
/// <param name="yes">Whether nobody is asked.</param>
/// <param name="output">Where to write it as it comes, instead of the folder.</param>
internal sealed class ReceivingCopy(CommandContext context, ReceiveOptions options, bool yes, Stream? output)
{
    private readonly Screen _screen = context.Screen;
    private ReceiveOptions _options = options;

    /// <summary>Runs to the end.</summary>
    public async Task<ExitCode> RunAsync(CancellationToken cancellation)
    {
        CheckFolder();
        if (output is not null && context.Connection.Legacy)
            throw new CommandFailedException(new ErrorReport(ExitCode.Usage, "With --legacy nothing can be written to standard output.", "", "Receive into a folder."));
        var meeting = context.CreateMeeting(sends: false, waivesWords: yes);
        await using (meeting.ConfigureAwait(false))
        {
            var stream = await meeting.MeetAsync(cancellation).ConfigureAwait(false);
            _options = _options with { StallLimit = meeting.Patience.ForPeer, DecisionLimit = meeting.Patience.ForUser };
            while (true)
            {
                var display = context.ShowProgress(stream);
                var outcome = meeting.IsInClear
                    ? await ReceiveFromOriginalAsync(stream, meeting.Patience, display, cancellation).ConfigureAwait(false)
                    : await ReceiveAsync(stream, display, cancellation).ConfigureAwait(false);
                if (await meeting.MeetAgainAsync(stream, outcome, cancellation).ConfigureAwait(false) is { } again)
                {
                    stream = again;
                    continue;
                }

                var end = new CopyEnd(_screen) { Events = context.Surroundings.Events, Verb = "Received", Begin = display.Begin, Place = Place(outcome) };
                if (!meeting.IsInClear && output is null) end = end with { ResumeCommand = ResumeCommand.OfReceiver(_options.Folder, context.ResumeOptions) };
                var code = end.Tell(outcome);
                foreach (var text in outcome.Texts) ShowText(text);
                return code;
            }
        }
    }

    private async Task<CopyOutcome> ReceiveAsync(UdtStream stream, ProgressDisplay display, CancellationToken cancellation)
    {
        var question = new TreeQuestion(context, yes);
        var runner = new TreeRunner(CopyConnection.Over(stream), display.Show, file =>
        {
            context.Surroundings.Events.TellFile(file);

            // The hash of a single file stands below the summary.
            if (question.IsAboutSeveral && file.Sha256 is not null && _options.Hash) _screen.Result(CopyEnd.HashLine(file), hasEvent: true);
        });
        return output is null
            ? await runner.ReceiveAsync(_options, question.DecideAsync, cancellation).ConfigureAwait(false)
            : await runner.ReceiveToStreamAsync(output, _options, question.DecideAsync, cancellation).ConfigureAwait(false);
    }

    private async Task<CopyOutcome> ReceiveFromOriginalAsync(UdtStream stream, Patience patience, ProgressDisplay display, CancellationToken cancellation)
    {
        if (output is not null)
            throw new CommandFailedException(new ErrorReport(ExitCode.Refused, "The original p2pcopy cannot be received to standard output.", "", "Receive into a folder."));
        var question = new OfferQuestion(context, _options, patience, yes);
        return await new CopyRunner(CopyConnection.Over(stream), display.Show).ReceiveAsync(_options, question.DecideAsync, cancellation).ConfigureAwait(false);
    }

    private void CheckFolder()
    {
        if (output is not null || Directory.Exists(_options.Folder)) return;
        throw new CommandFailedException(new ErrorReport(
            ExitCode.LocalDisk,
            $"Cannot receive into {DisplayText.Escape(_options.Folder)}.",
            File.Exists(_options.Folder) ? "It is a file, not a folder." : "There is no such folder.",
            "Create it, or name another one."));
    }

    private string Place(CopyOutcome outcome) =>
        output is not null ? "written to standard output"
        : outcome.Texts.Count > 0 ? "a text"
        : $"written to {DisplayText.Escape(outcome.FinalPath is { } path ? Path.GetFullPath(path) : _options.Folder, int.MaxValue)}";

    /// <summary>The words of a stranger: each line marked as such, so that none can pass for ours.</summary>
    private void ShowText(string text)
    {
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')) _screen.Essential($"> {DisplayText.Escape(line, int.MaxValue)}", hasEvent: true);
    }
}
