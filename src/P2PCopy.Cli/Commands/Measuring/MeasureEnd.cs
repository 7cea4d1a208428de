using P2PCopy.Cli.Commands.Copying;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Measuring;

namespace P2PCopy.Cli.Commands.Measuring;

/// <summary>How a measurement ended, and the exit code that goes with it.</summary>
internal static class MeasureEnd
{
    /// <summary>Says why it did not come to its end, if so.</summary>
    /// <exception cref="OperationCanceledException">The user ended it.</exception>
    public static ExitCode Tell(Screen screen, MeasureOutcome outcome)
    {
        if (outcome.Kind == OutcomeKind.Interrupted) throw new OperationCanceledException(outcome.Sentence);
        if (outcome.Kind != OutcomeKind.Done) screen.Error(outcome.Sentence);
        return CopyEnd.CodeOf(outcome.Kind);
    }
}
