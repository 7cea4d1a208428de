using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Measuring;

/// <summary>The ways in which a measurement ends.</summary>
internal static class MeasureEndings
{
    private const string StartAgain = "Start both programs again.";

    public static Ending Done { get; } = new(OutcomeKind.Done, "The path was measured.");

    public static Ending Interrupted { get; } = new(OutcomeKind.Interrupted, "The measurement was interrupted.", "", StartAgain);

    public static Ending Closed { get; } = new(
        OutcomeKind.BrokenOff, "The peer closed the connection before the end.", "Probably it was stopped there.", StartAgain);

    /// <summary>The peer gave up. What it says is a stranger's text.</summary>
    public static Ending Aborted(in AbortMessage abort) => TreeEndings.Aborted(abort) is var ending && ending.Kind == OutcomeKind.VersionsDiffer
        ? ending
        : ending with { What = "The peer stopped the measurement.", Next = StartAgain };

    public static Ending Misbehaved(string why) => new(OutcomeKind.PeerMisbehaved, "The peer does not keep to the protocol.", why);

    public static Ending PeerCopies(bool sends) => new(
        OutcomeKind.Refused, $"Your peer runs 'p2pcopy {(sends ? "sender" : "receiver")}', not 'p2pcopy bench'.", "",
        "Both of you have to start the same: bench, or a sender and a receiver.");

    public static Ending SameRole(bool weMeasure) => new(
        OutcomeKind.Refused, weMeasure ? "Both sides want to measure." : "Both sides wait to be measured.", "",
        weMeasure ? "One of them must wait, with --wait." : "One of them must start without --wait.");
}
