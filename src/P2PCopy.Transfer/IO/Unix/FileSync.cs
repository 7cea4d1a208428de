using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using P2PCopy.Transfer.IO.Tree.Unix;

namespace P2PCopy.Transfer.IO.Unix;

/// <summary>
/// Brings a file to the disk and tells what the disk says to that. The framework's own way keeps quiet when a disk is found full only
/// now, as on those that promise more room than they have, and a lost write would pass as written.
/// </summary>
internal static class FileSync
{
    /// <summary>fsync(2) with its errors; elsewhere the framework's way.</summary>
    /// <exception cref="IOException">Something that was written may not be on the disk.</exception>
    public static void ToDisk(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (Sync(file) != 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case LinuxCalls.Interrupted:
                    continue;
                case LinuxCalls.Invalid or LinuxCalls.NotSupported or MacNotSupported:
                    // A file system that has no such thing.
                    return;
                case var error:
                    throw LinuxCalls.Error(error, "");
            }
        }

        // There the disk itself is asked as well.
        if (OperatingSystem.IsMacOS()) RandomAccess.FlushToDisk(file);
    }

    private const int MacNotSupported = 45;

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(SafeFileHandle file);
}
