using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.Receiving;

/// <summary>Why this side does not take a file.</summary>
internal static class RefusalEndings
{
    public static Ending UnsafeName(NameRefusal refusal) => Refused(
        refusal.Sentence, "", refusal.Fault == NameFault.Sensitive
            ? "Take it only if you know why, with --allow-sensitive."
            : "Ask the peer to rename the file.");

    public static Ending SensitiveFolder(string component) => Refused(
        "Nothing is received into this folder.", $"Programs obey what stands under '{DisplayText.Escape(component)}' unasked.",
        "Choose another folder, or allow it with --allow-sensitive.");

    public static Ending TooLarge(long size, long limit, long leftOver = 0) => leftOver == 0
        ? Refused($"The offered file has {DisplayText.Size(size)}.", $"No more than {DisplayText.Size(limit)} is allowed.", "Raise --max-size to take it.")
        : Refused(
            $"{DisplayText.Size(size)} are too much beside the {DisplayText.Size(leftOver)} that unfinished files of other copies take.",
            $"Nobody was asked, and no more than {DisplayText.Size(limit)} is allowed.",
            $"Remove the files that end with {SafeName.PartSuffix}, raise --max-size, or start without --yes.");

    public static Ending HalfIsKeptFree(long size, long free, long leftOver = 0) => leftOver == 0
        ? Refused(
            $"{DisplayText.Size(size)} are more than half of the {DisplayText.Size(free)} that are free.", "Nobody was asked, so the other half is kept.",
            "Say with --max-size how much may come, or start without --yes.")
        : Refused(
            $"{DisplayText.Size(size)} are too much beside the {DisplayText.Size(leftOver)} that unfinished files of other copies take.",
            $"Nobody was asked, so half of the room is kept, of which {DisplayText.Size(free)} are free.",
            $"Remove the files that end with {SafeName.PartSuffix}, say with --max-size how much may come, or start without --yes.");

    public static Ending ByUser(string reason) => Refused(
        "The file was refused.", reason.Length == 0 ? "" : DisplayText.Escape(reason), "");

    public static Ending NotAnswered(TimeSpan limit) => Refused(
        "The file was refused.", $"The question was not answered within {limit.TotalSeconds:0} s, and the peer cannot be made to wait longer.",
        "Start both programs again.");

    public static Ending Exists(string name) => Refused(
        $"'{DisplayText.Escape(name)}' exists already and was skipped.", "", "Use --overwrite to replace it or --rename to keep both.", EntryReason.Exists);

    public static Ending Link(string path) => Refused(
        $"The symbolic link '{DisplayText.Escape(path)}' was left out.", "", "With --links links are made that stay inside what was sent.", EntryReason.Link);

    private static Ending Refused(string what, string why, string next, EntryReason reason = EntryReason.Disk) => new(OutcomeKind.Refused, what, why, next) { Reason = reason };
}
