using System.Runtime.InteropServices;
using System.Text;

namespace P2PCopy.Transfer.IO.Unix;

/// <summary>Renaming that never replaces, and directories that survive a power cut.</summary>
internal static class DurableRename
{
    private const int CurrentDirectory = -100;
    private const uint NoReplace = 1;
    private const int FileExists = 17;
    private const int LinuxDirectoryCloseOnExec = 0x90000;

    /// <summary>The answer of <see cref="TryLinux"/>.</summary>
    internal enum Answer
    {
        Renamed,
        Exists,
        Unknown,
    }

    /// <summary>
    /// renameat2(2) with RENAME_NOREPLACE: the check and the renaming are one step. Unknown where kernel or file system do not
    /// have it, or for any other error: the portable way is then tried and tells more.
    /// </summary>
    public static unsafe Answer TryLinux(string from, string to)
    {
        if (!OperatingSystem.IsLinux()) return Answer.Unknown;
        try
        {
            fixed (byte* source = Encoding.UTF8.GetBytes(from + '\0'))
            fixed (byte* target = Encoding.UTF8.GetBytes(to + '\0'))
            {
                if (RenameAt(CurrentDirectory, source, CurrentDirectory, target, NoReplace) == 0) return Answer.Renamed;
            }

            return Marshal.GetLastPInvokeError() == FileExists ? Answer.Exists : Answer.Unknown;
        }
        catch (EntryPointNotFoundException)
        {
            return Answer.Unknown;
        }
    }

    /// <summary>
    /// fsync(2) of a directory, so that the new name is on the disk as well as the content. Best effort: some file systems
    /// refuse it, and the file is whole in any case.
    /// </summary>
    public static unsafe void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor;
        fixed (byte* name = Encoding.UTF8.GetBytes(directory + '\0'))
        {
            descriptor = OpenFile(name, OperatingSystem.IsLinux() ? LinuxDirectoryCloseOnExec : 0);
        }

        if (descriptor < 0) return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    private static unsafe extern int RenameAt(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);

    [DllImport("libc", EntryPoint = "open")]
    private static unsafe extern int OpenFile(byte* path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
