using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer;

/// <summary>What the peer can do to a copy within the protocol.</summary>
internal static class PeerEndings
{
    private const string StartAgain = "Start both programs again.";

    public static Ending DidNotTake { get; } = new(
        OutcomeKind.Refused, "The peer did not take the file.", "Its user refused it, or it cannot be written there.", "Ask the peer what its program says.");

    public static Ending CouldNotWrite(long confirmed, long size) => new(
        OutcomeKind.BrokenOff, $"The peer stopped the copy {After(confirmed, size)}.",
        "It could not write the file: its disk may be full.", "Ask the peer what its program says.");

    public static Ending ReceiverClosed(long confirmed, long size) => new(
        OutcomeKind.BrokenOff, $"The peer closed the connection {After(confirmed, size)}.", "It did not say why.", StartAgain);

    public static Ending SenderClosed(long received, long size) => new(
        OutcomeKind.BrokenOff, $"The peer closed the connection {After(received, size)}.",
        "Its program was stopped, or its file could not be read to the end.", StartAgain);

    public static Ending SaidNothing { get; } = new(
        OutcomeKind.BrokenOff, "The peer closed the connection before it offered a file.", "", StartAgain);

    private static string After(long bytes, long size) => $"after {DisplayText.Size(bytes)} of {DisplayText.Size(size)}";
}
