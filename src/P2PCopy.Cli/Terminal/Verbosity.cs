namespace P2PCopy.Cli.Terminal;

/// <summary>How much the user wants to read.</summary>
internal enum Verbosity
{
    /// <summary>What to tell the peer, the prompts, errors.</summary>
    Quiet,

    /// <summary>What a person needs.</summary>
    Normal,

    /// <summary>Also what helps to understand a failure.</summary>
    Verbose,
}
