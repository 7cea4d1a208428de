using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands;

/// <summary>The last lines of a copy and the exit code that goes with them.</summary>
internal static class CopyEnd
{
    /// <summary>A file in words, its name made harmless for a terminal.</summary>
    public static string Describe(string name, long size) => $"{DisplayText.Escape(name)} ({DisplayText.Size(size)})";

    /// <summary>Prints how the copy ended.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="begin">When the first byte moved, on the clock of the copy.</param>
    /// <param name="sourcePath">What was sent; nothing for a receiver.</param>
    public static ExitCode Tell(Screen screen, CopyOutcome outcome, TimeSpan begin = default, string? sourcePath = null)
    {
        screen.EndProgress();
        var code = CodeOf(outcome.Kind);
        if (code == ExitCode.Interrupted) throw new OperationCanceledException(outcome.Sentence);
        if (code != ExitCode.Done)
        {
            screen.Error(outcome.Sentence);
            return code;
        }

        var time = outcome.Elapsed - begin;
        var (verb, place) = outcome.FinalPath is { } path ? ("Received", $"written to {DisplayText.Escape(path, int.MaxValue)}") : ("Sent", DisplayText.Escape(sourcePath ?? "", int.MaxValue));
        screen.Result($"{verb} {DisplayText.Size(outcome.Bytes)} in {DurationText.Measured(time)}{MeanRate(outcome.Bytes, time)}: {place}");
        if (outcome.Sha256 is { } hash) screen.Result($"SHA-256: {hash}");
        if (outcome.Note is { } note) screen.Note(note);
        return code;
    }

    /// <summary>The exit code of an end.</summary>
    public static ExitCode CodeOf(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Done => ExitCode.Done,
        OutcomeKind.SourceFailed => ExitCode.NoSuchFile,
        OutcomeKind.Refused => ExitCode.Refused,
        OutcomeKind.BrokenOff or OutcomeKind.PeerMisbehaved => ExitCode.BrokenOff,
        OutcomeKind.LocalDisk => ExitCode.LocalDisk,
        OutcomeKind.Interrupted => ExitCode.Interrupted,
        _ => ExitCode.Internal,
    };

    private static string MeanRate(long bytes, TimeSpan time) =>
        bytes > 0 && time > TimeSpan.Zero ? $", {DisplayText.Size((long)(bytes / time.TotalSeconds))}/s on average" : "";
}
