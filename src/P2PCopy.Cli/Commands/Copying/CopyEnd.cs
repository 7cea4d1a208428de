using System.Globalization;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>The last lines of a copy and the exit code that goes with them.</summary>
/// <param name="Screen">Where to.</param>
internal sealed record CopyEnd(Screen Screen)
{
    private const int MostNotes = 10;

    /// <summary>What happens, for programs.</summary>
    public required EventStream Events { get; init; }

    /// <summary>What this side did.</summary>
    public required string Verb { get; init; }

    /// <summary>When the first byte moved, on the clock of the copy.</summary>
    public TimeSpan Begin { get; init; }

    /// <summary>Where it came from or went to.</summary>
    public required string Place { get; init; }

    /// <summary>How to go on when it broke, if that is possible.</summary>
    public string? ResumeCommand { get; init; }

    /// <summary>A file in words, its name made harmless for a terminal.</summary>
    public static string Describe(string name, long size) => $"{DisplayText.Escape(name)} ({DisplayText.Size(size)})";

    /// <summary>A number of things.</summary>
    public static string Count(int number, string thing) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {thing}{(number == 1 ? "" : "s")}");

    /// <summary>The hash of a file, as <c>sha256sum</c> writes it.</summary>
    public static string HashLine(ArrivedFile file) => $"SHA-256: {file.Sha256}  {DisplayText.Escape(file.Path, int.MaxValue)}";

    /// <summary>Prints how the copy ended.</summary>
    public ExitCode Tell(CopyOutcome outcome)
    {
        Screen.EndProgress();
        var code = CodeOf(outcome.Kind);
        Events.TellNotes(outcome.Notes);
        Events.TellSummary(outcome, code, outcome.Elapsed - Begin, code is ExitCode.Done or ExitCode.Refused or ExitCode.VersionsDoNotFit ? null : ResumeCommand);
        if (code == ExitCode.Interrupted)
        {
            TellHowToGoOn();
            throw new OperationCanceledException(outcome.Sentence);
        }

        if (code != ExitCode.Done)
        {
            TellNotes(outcome);
            Screen.Error(outcome.Sentence);
            if (code is not (ExitCode.Refused or ExitCode.VersionsDoNotFit)) TellHowToGoOn();
            return code;
        }

        TellNotes(outcome);
        var time = outcome.Elapsed - Begin;
        var what = outcome.Files > 1 ? $"{Count(outcome.Files, "file")}, {DisplayText.Size(outcome.Bytes)}" : DisplayText.Size(outcome.Bytes);
        var travelled = outcome.Files > 0 ? outcome.Travelled : outcome.Bytes;
        var spared = travelled < outcome.Bytes ? $" ({DisplayText.Size(travelled)} travelled, the rest was there or is empty)" : "";
        Screen.Result($"{Verb} {what}{spared} in {DurationText.Measured(time)}{MeanRate(travelled, time)}: {Place}", hasEvent: true);
        if (outcome.Sha256 is { } hash) Screen.Result($"SHA-256: {hash}", hasEvent: true);
        if (outcome.Note is { } note) Screen.Note(note);
        return code;
    }

    /// <summary>The exit code of an end.</summary>
    public static ExitCode CodeOf(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Done => ExitCode.Done,
        OutcomeKind.SourceFailed => ExitCode.NoSuchFile,
        OutcomeKind.Refused => ExitCode.Refused,
        OutcomeKind.BrokenOff or OutcomeKind.PeerMisbehaved => ExitCode.BrokenOff,
        OutcomeKind.NotVerified => ExitCode.NotVerified,
        OutcomeKind.LocalDisk => ExitCode.LocalDisk,
        OutcomeKind.VersionsDiffer => ExitCode.VersionsDoNotFit,
        OutcomeKind.Interrupted => ExitCode.Interrupted,
        _ => ExitCode.Internal,
    };

    private static string MeanRate(long bytes, TimeSpan time) =>
        bytes > 0 && time > TimeSpan.Zero ? $", {DisplayText.Size((long)(bytes / time.TotalSeconds))}/s on average" : "";

    /// <summary>Reason first, so that no name can pass for one.</summary>
    private void TellNotes(CopyOutcome outcome)
    {
        foreach (var note in outcome.Notes.Take(MostNotes)) Screen.Note($"Not copied, since {note.Why}: {DisplayText.Escape(note.Path)}", hasEvent: true);
        var more = outcome.Failed + outcome.LeftOut - Math.Min(outcome.Notes.Count, MostNotes);
        if (outcome.Notes.Count > 0 && more > 0) Screen.Note(string.Create(CultureInfo.InvariantCulture, $"{more:N0} more were not copied."), hasEvent: true);
    }

    private void TellHowToGoOn()
    {
        if (ResumeCommand is { } command) Screen.Note($"To go on: {command}", hasEvent: true);
    }
}
