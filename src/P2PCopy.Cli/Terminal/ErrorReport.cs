namespace P2PCopy.Cli.Terminal;

/// <summary>An end without success, told in full: what happened, why, and what to do next.</summary>
/// <param name="Code">What the shell gets.</param>
/// <param name="What">What happened; a sentence.</param>
/// <param name="Why">The reason; a sentence or nothing.</param>
/// <param name="Next">What the user can do; a sentence or nothing.</param>
internal sealed record ErrorReport(ExitCode Code, string What, string Why, string Next)
{
    /// <summary>The sentences, one after the other.</summary>
    public override string ToString() => string.Join(' ', new[] { What, Why, Next }.Where(sentence => sentence.Length > 0));
}
