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

    public static Ending TooLarge(long size, long limit) => Refused(
        $"The offered file has {DisplayText.Size(size)}.", $"No more than {DisplayText.Size(limit)} is allowed.", "Raise --max-size to take it.");

    public static Ending ByUser(string reason) => Refused(
        "The file was refused.", reason.Length == 0 ? "" : DisplayText.Escape(reason), "");

    public static Ending NotAnswered(TimeSpan limit) => Refused(
        "The file was refused.", $"The question was not answered within {limit.TotalSeconds:0} s, and the peer cannot be made to wait longer.",
        "Start both programs again.");

    public static Ending Exists(string name) => Refused(
        $"'{DisplayText.Escape(name)}' exists already and was skipped.", "", "Use --overwrite to replace it or --rename to keep both.");

    public static Ending Link(string path) => Refused(
        $"The symbolic link '{DisplayText.Escape(path)}' was left out.", "", "With --links links are made that stay inside what was sent.");

    private static Ending Refused(string what, string why, string next) => new(OutcomeKind.Refused, what, why, next);
}
