using P2PCopy.Transfer.Text;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree;

/// <summary>The sentences with which a copy of a tree ends.</summary>
internal static class TreeEndings
{
    private const string GoOn = "Start both programs again: the copy goes on where it stopped.";

    public static Ending Done { get; } = new(OutcomeKind.Done, "Everything was copied.");

    public static Ending Interrupted { get; } = new(OutcomeKind.Interrupted, "The copy was interrupted.", "", GoOn);

    public static Ending Misbehaved(string why) => new(
        OutcomeKind.PeerMisbehaved, "The peer does not keep to the protocol.", why, "Nothing that it sent since counts; files that were finished before stay.");

    public static Ending OutOfPlace(MessageType type) => Misbehaved($"It sent {Article(type)} where none may come.");

    public static Ending Malformed(MessageType type) => Misbehaved($"It sent {Article(type)} that cannot be read.");

    public static Ending SameRole(bool sends) => new(
        OutcomeKind.Refused, sends ? "Both sides want to send." : "Both sides want to receive.", "",
        sends ? "One of them must receive." : "One of them must send.");

    public static Ending PeerMeasures { get; } = new(
        OutcomeKind.Refused, "Your peer runs 'p2pcopy bench', which copies nothing.", "", "Both of you have to start the same: bench, or a sender and a receiver.");

    public static Ending Versions(string age, string next) => new(
        OutcomeKind.VersionsDiffer, "The two programs do not understand each other.", $"The peer's program is much {age} than this one.", next);

    public static Ending SourceListChanged { get; } = new(
        OutcomeKind.SourceFailed, "The files changed while they were listed.", "", "Send them again when no program writes there.");

    public static Ending SourceEntryUnfit(string name) => new(
        OutcomeKind.SourceFailed, $"'{DisplayText.Escape(name)}' cannot be sent.", "Its name, its depth or its target is more than the protocol carries.", "Rename it or leave it out.");

    public static Ending StreamTooLong(long limit) => new(
        OutcomeKind.Refused, "The stream was stopped.", $"It is longer than {DisplayText.Size(limit)}.", "Allow more with --max-size.");

    public static Ending Closed(bool bySender) => new(
        OutcomeKind.BrokenOff, $"The {(bySender ? "sender" : "receiver")} closed the connection before the end.", "Probably it was stopped there: no reason came before the connection ended.", GoOn);

    /// <summary>The end that both sides agree on.</summary>
    public static Ending AtEnd(int failed, int leftOut, int entries, Ending? first, Ending? rule = null) =>
        failed > 0 ? Partly(failed, entries, first) : leftOut == entries ? rule ?? NothingTaken(null) : Done;

    /// <summary>The receiver's rules kept everything out.</summary>
    public static Ending NothingTaken(EntryReason? reason) => new(
        OutcomeKind.Refused, "Nothing was copied: the peer's rules keep it out.",
        reason is { } known ? $"The first reason: {EntryReasons.Clause(known, atReceiver: false)}." : "It is there already, or it is of a kind that is not taken unasked.",
        "Ask the peer what its program says.");

    /// <summary>Everything came to its end but some entries failed.</summary>
    private static Ending Partly(int failed, int entries, Ending? first) => entries == 1 && first is not null ? first : new(
        first?.Kind ?? OutcomeKind.BrokenOff, $"{failed} of {entries} entries could not be copied.", first is null ? "" : $"The first: {first.What} {first.Why}".TrimEnd(), GoOn);

    public static Ending SourceFailed(EntryStatus status, string name) => new(
        OutcomeKind.SourceFailed,
        status == EntryStatus.Changed ? $"'{DisplayText.Escape(name)}' changed since the copy began." : $"'{DisplayText.Escape(name)}' cannot be read.")
    {
        Reason = ReasonOf(status),
    };

    /// <summary>Why an entry failed whose sending ended like this.</summary>
    public static EntryReason ReasonOf(EntryStatus status) => status == EntryStatus.Changed ? EntryReason.SourceChanged : EntryReason.SourceUnreadable;

    /// <summary>The peer gave up. What it says is a stranger's text.</summary>
    public static Ending Aborted(in AbortMessage abort)
    {
        var sentence = abort.ReadSentence();
        var why = sentence.Length > 0 ? $"It says: \"{DisplayText.Escape(sentence, 300)}\""
            : abort.Reason == AbortReason.Interrupted ? "It was interrupted there."
            : "It did not say why.";
        return abort.Reason switch
        {
            AbortReason.Refused => new Ending(OutcomeKind.Refused, "The peer did not take the copy.", why, "Ask the peer what its program says."),
            AbortReason.Versions => Versions("different", "Use the same version on both sides."),
            _ => new Ending(OutcomeKind.BrokenOff, "The peer stopped the copy.", why, GoOn),
        };
    }

    /// <summary>What the peer is told about an ending of ours.</summary>
    public static AbortReason ReasonOf(Ending ending) => ending.Kind switch
    {
        OutcomeKind.Refused => AbortReason.Refused,
        OutcomeKind.LocalDisk => AbortReason.Disk,
        OutcomeKind.SourceFailed => AbortReason.Source,
        OutcomeKind.PeerMisbehaved => AbortReason.Protocol,
        OutcomeKind.VersionsDiffer => AbortReason.Versions,
        _ => AbortReason.Interrupted,
    };

    private static string Article(MessageType type) => type switch
    {
        MessageType.Hello => "a greeting",
        MessageType.Offer => "an offer",
        MessageType.Entries => "a page of the manifest",
        MessageType.Accept => "an acceptance",
        MessageType.Plan => "a plan",
        MessageType.Have => "hashes of blocks",
        MessageType.Chunk => "a chunk",
        MessageType.Same => "a note of equal blocks",
        MessageType.Hole => "a hole",
        MessageType.EndFile => "the end of a file",
        MessageType.Written => "a report of progress",
        MessageType.Drop => "a dropped entry",
        MessageType.End => "the end",
        MessageType.Done => "an answer to the end",
        MessageType.Note => "a reason for an entry",
        MessageType.Measure or MessageType.Stop or MessageType.Flowed => "a word about a measurement",
        _ => "a last word",
    };
}
