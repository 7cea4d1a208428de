using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace P2PCopy.Transfer.IO.Unix;

/// <summary>
/// open(2) that cannot hang: a named pipe without a writer blocks an ordinary open for ever, with O_NONBLOCK it does not. What
/// was opened is looked at afterwards, on the descriptor, so it cannot be exchanged in between.
/// </summary>
internal static class RegularFile
{
    private const int ReadOnly = 0;
    private const int LinuxNonBlocking = 0x800;
    private const int LinuxCloseOnExec = 0x80000;
    private const int BsdNonBlocking = 0x4;
    private const int MacCloseOnExec = 0x1000000;
    private const int StatxEmptyPath = 0x1000;
    private const uint StatxType = 1;
    private const int StatxBytes = 256;
    private const int StatxModeOffset = 28;
    private const int TypeMask = 0xF000;

    /// <summary>Opens for reading; null with the system's sentence otherwise.</summary>
    public static unsafe SafeFileHandle? Open(string path, out string error)
    {
        var flags = ReadOnly | (OperatingSystem.IsLinux() ? LinuxNonBlocking | LinuxCloseOnExec
            : OperatingSystem.IsMacOS() ? BsdNonBlocking | MacCloseOnExec : BsdNonBlocking);
        int descriptor;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0')) descriptor = OpenFile(name, flags);
        error = descriptor < 0 ? Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()) + "." : "";
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>What else than a regular file this is, with its article, or null. Where the system cannot tell, nothing else is assumed.</summary>
    public static unsafe string? OtherKind(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var buffer = stackalloc byte[StatxBytes];
        byte empty = 0;
        try
        {
            if (Statx((int)file.DangerousGetHandle(), &empty, StatxEmptyPath, StatxType, buffer) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        return (*(ushort*)(buffer + StatxModeOffset) & TypeMask) switch
        {
            0x1000 => "a named pipe",
            0x2000 => "a device",
            0x4000 => "a folder",
            0x6000 => "a disk device",
            0xC000 => "a socket",
            _ => null,
        };
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static unsafe extern int OpenFile(byte* path, int flags);

    [DllImport("libc", EntryPoint = "statx")]
    private static unsafe extern int Statx(int directory, byte* path, int flags, uint mask, byte* buffer);
}
