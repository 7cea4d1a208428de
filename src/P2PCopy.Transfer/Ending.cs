namespace P2PCopy.Transfer;

/// <summary>Why a copy ends, as a value: the reason a machine or the disk gives before the runner adds what was copied.</summary>
/// <param name="Kind">The class of the ending.</param>
/// <param name="What">What happened: a sentence, safe to print.</param>
/// <param name="Why">Why it happened: a sentence or nothing.</param>
/// <param name="Next">What the user can do: a sentence or nothing.</param>
internal sealed record Ending(OutcomeKind Kind, string What, string Why = "", string Next = "")
{
    /// <summary>The same in one word where it is about one entry of many.</summary>
    public EntryReason Reason { get; init; }

    public static Ending Done { get; } = new(OutcomeKind.Done, "The file was copied.");

    public static Ending Interrupted { get; } =
        new(OutcomeKind.Interrupted, "The copy was interrupted.", "", "Nothing stays under the final name; start again to copy the file.");

    public static Ending Stalled(TimeSpan limit) =>
        new(OutcomeKind.BrokenOff, "The peer has stopped responding.", $"Nothing was heard from it for {limit.TotalSeconds:0} s.",
            "Check both networks and start both programs again.");

    public static Ending ConnectionLost(string detail) =>
        new(OutcomeKind.BrokenOff, "The connection to the peer was lost.", detail, "Check both networks and start both programs again.");
}
