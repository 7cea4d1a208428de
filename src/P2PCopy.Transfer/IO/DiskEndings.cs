using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.IO;

/// <summary>What the receiver's own disk can do to a copy, told apart by the system's error.</summary>
internal static class DiskEndings
{
    private const int UnixInputOutput = 5;
    private const int UnixNotDirectory = 20;
    private const int UnixFileTooLarge = 27;
    private const int UnixNoSpace = 28;
    private const int UnixReadOnly = 30;
    private const int LinuxLoop = 40;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsWriteProtected = unchecked((int)0x80070013);

    public static Ending NoFolder(string folder) =>
        Failed($"There is no folder '{Shown(folder)}'.", "", "Create it or choose another folder.");

    public static Ending FolderGone(string folder) => Failed(
        $"'{Shown(folder)}' is no longer what it was when the copy began.", "It was renamed or removed, or its disk was; what came is where that is now.",
        "Look for it there, or start both programs again.", EntryReason.NoFolder);

    public static Ending TargetIsFolder(string path) =>
        Failed($"'{Shown(path)}' is a folder.", "A file cannot replace it.", "Choose another folder, or keep both names.");

    public static Ending NoRoom(string folder, long size, long free) => Failed(
        $"There is not enough room in '{Shown(folder)}'.",
        $"The file has {DisplayText.Size(size)}, and {DisplayText.Size(free)} are free.",
        "Free some space or choose another folder.");

    public static Ending NoName(string path) =>
        Failed($"No free name was found beside '{Shown(path)}'.", "", "Tidy the folder up or choose another one.", EntryReason.Exists);

    /// <summary>Whether this is an error of a disk, not a fault of the program.</summary>
    public static bool IsDiskError(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or System.Security.SecurityException;

    public static Ending From(Exception error, string path)
    {
        var shown = Shown(path);
        return error switch
        {
            DirectoryNotFoundException or FileNotFoundException => Failed(
                $"'{shown}' cannot be written.", "Its folder is gone.", "Check the folder and start both programs again.", EntryReason.NoFolder),
            UnauthorizedAccessException or System.Security.SecurityException => Failed(
                $"'{shown}' cannot be written.", "The permissions of its folder do not allow it.", "Choose a folder that you may write to.", EntryReason.Permission),
            PathTooLongException => Failed(
                $"'{shown}' cannot be written.", "The disk takes no name or path of this length.", "Ask the peer to shorten it, or choose a folder on another disk.", EntryReason.NameTooLong),
            ArgumentOutOfRangeException => Failed(
                $"'{shown}' cannot be written.", "Its file system does not take files of this size.", "Choose a folder on another disk.", EntryReason.TooLarge),
            IOException io when IsFull(io.HResult) => Failed(
                $"The disk became full while '{shown}' was written.", "", "Free some space or choose another folder, then start both programs again."),
            IOException io when io.HResult is LinuxQuota or MacQuota => Failed(
                $"'{shown}' cannot be written.", "Your quota on this disk is used up.", "Free some space or choose another folder."),
            IOException io when io.HResult is UnixReadOnly or WindowsWriteProtected => Failed(
                $"'{shown}' cannot be written.", "The disk is read-only.", "Choose a folder on another disk."),
            IOException io when IsInTheWay(io.HResult) => Failed(
                $"'{shown}' cannot be written.", "A link or a file stands where a folder of its path should be.", "Move it away or choose another folder.", EntryReason.InTheWay),
            IOException io when io.HResult == UnixFileTooLarge => Failed(
                $"'{shown}' cannot be written.", "Its file system does not take files of this size.", "Choose a folder on another disk.", EntryReason.TooLarge),
            IOException io when io.HResult == UnixInputOutput => Failed(
                $"'{shown}' cannot be written.", "The disk reports an error of its own.", "Check the disk, or choose a folder on another one."),
            _ => Failed($"'{shown}' cannot be written.", DisplayText.Escape(error.Message, 200), "Check the disk or choose another folder."),
        };
    }

    /// <summary>Whether nothing else can be written either, so that going on with other files is in vain.</summary>
    public static bool ConcernsWholeDisk(Exception error) => error is IOException io
        && (IsFull(io.HResult) || io.HResult is LinuxQuota or MacQuota or UnixReadOnly or WindowsWriteProtected or UnixInputOutput);

    private static bool IsInTheWay(int result) => !OperatingSystem.IsWindows() && result is UnixNotDirectory or LinuxLoop;

    private static bool IsFull(int result) => result is UnixNoSpace or WindowsDiskFull or WindowsHandleDiskFull;

    private static string Shown(string path) => DisplayText.Escape(path);

    private static Ending Failed(string what, string why, string next, EntryReason reason = EntryReason.Disk) => new(OutcomeKind.LocalDisk, what, why, next) { Reason = reason };
}
