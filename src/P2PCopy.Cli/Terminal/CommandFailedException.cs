namespace P2PCopy.Cli.Terminal;

/// <summary>Carries an <see cref="ErrorReport"/> from where a command ended to where it is printed.</summary>
internal sealed class CommandFailedException(ErrorReport report) : Exception(report.ToString())
{
    /// <summary>What to print and return.</summary>
    public ErrorReport Report { get; } = report;
}
