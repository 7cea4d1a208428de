using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace P2PCopy.Transfer.IO.Tree.Unix;

/// <summary>The system calls of Linux that act relative to a held folder (openat(2) and its family), and their numbers.</summary>
internal static unsafe class LinuxCalls
{
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int ReadWrite = 2;
    public const int PathOnly = 0x200000;
    public const int CurrentDirectory = -100;

    /// <summary>Reading and writing for everybody, of which the user's mask takes away.</summary>
    public const uint NewFileMode = 0x1B6;

    public const int AtSymlinkNoFollow = 0x100;
    public const int AtSymlinkFollow = 0x400;
    public const int AtEmptyPath = 0x1000;
    public const uint StatxBasic = 0x7FF;
    public const int StatxBytes = 256;
    public const uint RenameNoReplace = 1;
    public const int SeekData = 3;
    public const int SeekHole = 4;
    public const int PunchHoleKeepSize = 3;
    public const int LockExclusiveAtOnce = 2 | 4;
    public const int LockNoMore = 8;
    public const int LongestNameOf = 3;

    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int NoDevice = 6;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int Invalid = 22;
    public const int NameTooLong = 36;
    public const int NoSuchCall = 38;
    public const int Loop = 40;
    public const int NotSupported = 95;

    /// <summary>These two are among the few numbers that differ between the processors.</summary>
    public static readonly int DirectoryOnly = IsArm ? 0x4000 : 0x10000;

    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    /// <summary>Contains the flag of folders, so that kernels without it refuse it.</summary>
    public static readonly int Nameless = 0x400000 | DirectoryOnly;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>The name as the system takes it. It holds no zero, because no checked name does; a listed one cannot.</summary>
    public static byte[] NameText(string name) => Encoding.UTF8.GetBytes(name + '\0');

    /// <summary>The error of the last call, as the framework throws it for the same.</summary>
    public static Exception Error(string path) => Error(Marshal.GetLastPInvokeError(), path);

    public static Exception Error(int error, string path)
    {
        var message = $"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'";
        return error switch
        {
            NotFound => new FileNotFoundException(message, path),
            AccessDenied or NotPermitted => new UnauthorizedAccessException(message),
            NameTooLong => new PathTooLongException(message),
            _ => new IOException(message, error),
        };
    }

    /// <summary>The file system of what statx told about.</summary>
    public static ulong DeviceOf(byte* statx) => ((ulong)*(uint*)(statx + 136) << 32) | *(uint*)(statx + 140);

    public static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    [DllImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static extern int OpenAt(int directory, byte* name, int flags, uint mode);

    [DllImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static extern int MakeDirectoryAt(int directory, byte* name, uint mode);

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    public static extern int RenameAt(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);

    [DllImport("libc", EntryPoint = "linkat", SetLastError = true)]
    public static extern int LinkAt(int fromDirectory, byte* from, int toDirectory, byte* to, int flags);

    [DllImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static extern int UnlinkAt(int directory, byte* name, int flags);

    [DllImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static extern int SymlinkAt(byte* target, int directory, byte* name);

    [DllImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static extern nint ReadLinkAt(int directory, byte* name, byte* buffer, nint size);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static extern int Statx(int directory, byte* name, int flags, uint mask, byte* buffer);

    [DllImport("libc", EntryPoint = "futimens", SetLastError = true)]
    public static extern int SetTimes(int file, nint* times);

    [DllImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static extern int ChangeMode(int file, uint mode);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static extern int Sync(int file);

    [DllImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static extern int SyncFileSystem(int file);

    [DllImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static extern nint Seek(int file, nint offset, int whence);

    [DllImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static extern nint ReadAt(int file, byte* bytes, nint count, nint offset);

    [DllImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static extern nint WriteAt(int file, byte* bytes, nint count, nint offset);

    [DllImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static extern int Allocate(int file, int mode, nint offset, nint length);

    [DllImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    public static extern nint CopyFileRange(int from, long* fromOffset, int to, long* toOffset, nint length, uint flags);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static extern int Lock(int file, int operation);

    [DllImport("libc", EntryPoint = "fpathconf")]
    public static extern nint PathLimit(int file, int name);

    [DllImport("libc", EntryPoint = "geteuid")]
    public static extern uint User();

    [DllImport("libc", EntryPoint = "dup", SetLastError = true)]
    public static extern int Duplicate(int file);

    [DllImport("libc", EntryPoint = "close")]
    public static extern int Close(int file);

    [DllImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    public static extern nint OpenDirectory(int file);

    [DllImport("libc", EntryPoint = "readdir", SetLastError = true)]
    public static extern byte* ReadDirectory(nint directory);

    [DllImport("libc", EntryPoint = "closedir")]
    public static extern int CloseDirectory(nint directory);
}
