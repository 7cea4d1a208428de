namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>What a talk about the peer has to know of the command.</summary>
internal sealed record TalkSettings
{
    /// <summary>Whether a person is there to correct an answer.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether words that would have to be typed are waived (<c>--yes</c>).</summary>
    public bool WaivesWords { get; init; }

    /// <summary>Whether nothing is copied and the path is measured: no words matter, and nothing goes in clear.</summary>
    public bool Measures { get; init; }

    /// <summary>Whether IPv6 addresses can be reached.</summary>
    public bool HasIPv6 { get; init; }

    /// <summary>How long to try to connect; zero for ever.</summary>
    public TimeSpan Timeout { get; init; }
}
