namespace P2PCopy.Transfer.Measuring;

/// <summary>How a measurement ended. Every way is a value; nothing a peer or a user does is an exception.</summary>
public sealed record MeasureOutcome
{
    /// <summary>The class of the ending.</summary>
    public required OutcomeKind Kind { get; init; }

    /// <summary>What happened, why, and what to do next: sentences, safe to print on a terminal.</summary>
    public required string Sentence { get; init; }

    /// <summary>What flowed to the peer, if that came to its end.</summary>
    public MeasuredFlow? Sent { get; init; }

    /// <summary>What flowed from the peer, if that came to its end.</summary>
    public MeasuredFlow? Received { get; init; }
}
