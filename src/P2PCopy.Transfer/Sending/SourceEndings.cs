using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.Sending;

/// <summary>What can be wrong with the file to send.</summary>
internal static class SourceEndings
{
    public static Ending Missing(string path) =>
        Failed($"There is no file or folder '{DisplayText.Escape(path)}'.", "", "Check the path.");

    public static Ending Folder(string path) =>
        Failed($"'{DisplayText.Escape(path)}' is a folder.", "Only single files can be sent.", "Pack it into an archive and send that.");

    public static Ending NotRegular(string path, string kind) =>
        Failed($"'{DisplayText.Escape(path)}' is {kind}, not a regular file.", "It has no size that could be announced.", "Copy its content into a file first.");

    public static Ending NotReadable(string path, string reason) =>
        Failed($"'{DisplayText.Escape(path)}' cannot be read.", reason, "Check its permissions and that no other program holds it.");

    public static Ending NoTemporaryFolder(string path, string reason) =>
        Failed($"The list of what is sent cannot be kept in '{DisplayText.Escape(path)}'.", reason, "Let TMPDIR name a folder that can be written to.");

    public static Ending NameTooLong { get; } =
        Failed("The file cannot be sent under this name.", "Its name is longer than any receiver takes.", "Give it a shorter name.");

    public static Ending Shrank(long now, long announced) => Failed(
        "The file became shorter while it was sent.",
        $"It ends after {DisplayText.Size(now)} and was announced with {DisplayText.Size(announced)}.",
        "Send it again when no program writes to it.");

    public static Ending ReadFailed(string path, string reason) =>
        Failed($"Reading '{DisplayText.Escape(path)}' failed.", reason, "Check the disk it is on.");

    private static Ending Failed(string what, string why, string next) => new(OutcomeKind.SourceFailed, what, why, next);
}
