using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Sending;
using P2PCopy.Transfer.Text;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>A running <c>p2pcopy sender</c>: opens what is to be sent, meets the peer, copies, and says how it ended.</summary>
internal sealed class SendingCopy(CommandContext context, SendRequest request, Stream input)
{
    private const int MostNotes = 10;

    private readonly Screen _screen = context.Screen;
    private readonly EventStream _events = context.Surroundings.Events;

    /// <summary>Runs to the end.</summary>
    public async Task<ExitCode> RunAsync(bool waivesWords, CancellationToken cancellation)
    {
        // Before anything else: a wrong path must not cost the peer a minute.
        using var source = context.Connection.Legacy ? null : request.Open(input);
        using var file = request.SingleFile is { } path && (context.Connection.Legacy || !path.EndsWith(Path.DirectorySeparatorChar)) ? OpenFile(path) : null;
        if (context.Connection.Legacy && file is null) throw OnlyOneFile("With --legacy only a single file can be sent.");
        TellNotes(source);

        var meeting = context.CreateMeeting(sends: true, waivesWords);
        await using (meeting.ConfigureAwait(false))
        {
            var stream = await meeting.MeetAsync(cancellation).ConfigureAwait(false);
            var options = new SendOptions { Hash = context.Verbosity == Verbosity.Verbose, StallLimit = meeting.Patience.ForPeer };
            while (true)
            {
                var display = context.ShowProgress(stream);
                var outcome = meeting.IsInClear
                    ? await SendAsOriginalAsync(file, stream, options, display, cancellation).ConfigureAwait(false)
                    : await SendAsync(source!, stream, options, display, cancellation).ConfigureAwait(false);
                if (await meeting.MeetAgainAsync(stream, outcome, cancellation).ConfigureAwait(false) is { } again)
                {
                    stream = again;
                    continue;
                }

                var end = new CopyEnd(_screen) { Events = _events, Verb = "Sent", Begin = display.Begin, Place = Place(source) };
                if (!meeting.IsInClear && !source!.IsStream && !source.IsText) end = end with { ResumeCommand = ResumeCommand.OfSender(request, context.ResumeOptions) };
                return end.Tell(outcome);
            }
        }
    }

    private static FileSource OpenFile(string path) =>
        FileSource.TryOpen(path, out var source, out var failure)
            ? source
            : throw new CommandFailedException(new ErrorReport(CopyEnd.CodeOf(failure.Kind), failure.What, failure.Why, failure.Next));

    private static CommandFailedException OnlyOneFile(string what) => new(new ErrorReport(
        ExitCode.Usage, what, "The original p2pcopy knows neither folders nor several files at once.", "Pack them into one file, or let your peer use this program too."));

    private async Task<CopyOutcome> SendAsync(TreeSource source, UdtStream stream, SendOptions options, ProgressDisplay display, CancellationToken cancellation)
    {
        _screen.Note($"Sending {SendRequest.Describe(source)}. It begins as soon as your peer agrees.", hasEvent: true);
        _events.TellOffer(source);
        // Where each of very many files is costs something to find out.
        var runner = new TreeRunner(CopyConnection.Over(stream), display.Show, _events.IsOn || options.Hash ? Tell : null);
        return await runner.SendAsync(source, options, cancellation).ConfigureAwait(false);

        void Tell(ArrivedFile file)
        {
            _events.TellFile(file);
            if (options.Hash && source.Entries > 1) _screen.Result(CopyEnd.HashLine(file), hasEvent: true);
        }
    }

    private async Task<CopyOutcome> SendAsOriginalAsync(FileSource? file, UdtStream stream, SendOptions options, ProgressDisplay display, CancellationToken cancellation)
    {
        if (file is null) throw OnlyOneFile("Your peer's program takes a single file only.");
        _screen.Note($"Sending {CopyEnd.Describe(file.Name, file.Size)}. It begins as soon as your peer agrees.");
        return await new CopyRunner(CopyConnection.Over(stream), display.Show).SendAsync(file, options, cancellation).ConfigureAwait(false);
    }

    private void TellNotes(TreeSource? source)
    {
        if (source is null) return;
        foreach (var note in source.Notes.Take(MostNotes)) _screen.Note(note);
        var more = source.Notes.Count - MostNotes + source.MoreNotes;
        if (more > 0) _screen.Note($"{more} more were left out.");
    }

    private string Place(TreeSource? source) =>
        source is null or { IsStream: false, IsText: false } ? string.Join(", ", request.Paths.Take(3).Select(path => DisplayText.Escape(path, int.MaxValue))) + (request.Paths.Count > 3 ? ", ..." : "")
        : source.IsText ? "the text"
        : "standard input";
}
