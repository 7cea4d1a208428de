using System.Buffers.Text;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static P2PCopy.Transfer.IO.Tree.Unix.LinuxCalls;

namespace P2PCopy.Transfer.IO.Tree.Unix;

/// <summary>
/// Files without a name (O_TMPFILE of open(2)) of one folder, and their names (linkat(2)). Whether a folder has them is found out by its first
/// one; what a whole file system refused is not tried again in its other folders.
/// </summary>
internal sealed unsafe class NamelessFiles(SafeFileHandle folder)
{
    private const uint Permissions = 0x1FF;

    private static readonly HashSet<ulong> RefusingDevices = [];

    /// <summary>What a new file may be where nothing but the user's mask decides, or null where that cannot be known.</summary>
    private static readonly uint? UsualMode = ReadMask() is { } mask ? NewFileMode & ~mask : null;

    /// <summary>The open files of this process, by their numbers: the way to a name for kernels before 6.10, unless one is root.</summary>
    private static readonly SafeFileHandle OwnFiles = new(OpenPath("/proc/self/fd"), ownsHandle: true);

    private static volatile bool _byNumber;

    private volatile bool _isRefused;
    private bool _isKnown;

    /// <summary>A new one, open for reading and writing; null when none can be made. What is really wrong is told by making one that has a name.</summary>
    public SafeFileHandle? TryMake()
    {
        if (_isRefused || UsualMode is null || OwnFiles.IsInvalid) return null;
        fixed (byte* here = "."u8)
        {
            var descriptor = OpenAt(Number(folder), here, Nameless | ReadWrite | CloseOnExec, NewFileMode);
            if (descriptor < 0)
            {
                _isRefused = Marshal.GetLastPInvokeError() is NotSupported or IsDirectory or Invalid or NoSuchCall;
                return null;
            }

            var file = new SafeFileHandle(descriptor, ownsHandle: true);
            if (_isKnown || IsLikeOthers(file)) return file;
            file.Dispose();
            _isRefused = true;
            return null;
        }
    }

    /// <summary>Gives one its name, exclusively. Why that was refused is told by giving it to one that has a name already.</summary>
    public Naming TryName(SafeFileHandle file, string name)
    {
        fixed (byte* text = NameText(name))
        {
            if (TryLink(file, text)) return Naming.Given;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error == Exists) return Naming.Taken;
        _isRefused = true;
        // What a folder says that is gone, closed or apart from the others says nothing about those.
        if (error is NotSupported or NotPermitted or Invalid or NoSuchCall) Remember(file);
        return Naming.Refused;
    }

    private bool TryLink(SafeFileHandle file, byte* name)
    {
        if (!_byNumber)
        {
            byte empty = 0;
            if (LinkAt(Number(file), &empty, Number(folder), name, AtEmptyPath) == 0) return true;
            if (Marshal.GetLastPInvokeError() is not (NotFound or Invalid)) return false;
        }

        var number = stackalloc byte[12];
        _ = Utf8Formatter.TryFormat(Number(file), new Span<byte>(number, 11), out var length);
        number[length] = 0;
        if (LinkAt(Number(OwnFiles), number, Number(folder), name, AtSymlinkFollow) != 0) return false;
        _byNumber = true;
        return true;
    }

    /// <summary>
    /// Whether this folder's first one may be what a named one would be. Access lists that files inherit are applied to both, but kernels before
    /// 6.0 forget the user's mask for nameless ones where there are no lists; so wherever it is not the mask alone that decides, there are none.
    /// </summary>
    private bool IsLikeOthers(SafeFileHandle file)
    {
        var buffer = stackalloc byte[StatxBytes];
        byte empty = 0;
        if (Statx(Number(file), &empty, AtEmptyPath, StatxBasic, buffer) != 0 || (*(ushort*)(buffer + 28) & Permissions) != UsualMode) return false;
        lock (RefusingDevices) _isKnown = !RefusingDevices.Contains(DeviceOf(buffer));
        return _isKnown;
    }

    private static void Remember(SafeFileHandle file)
    {
        var buffer = stackalloc byte[StatxBytes];
        byte empty = 0;
        if (Statx(Number(file), &empty, AtEmptyPath, StatxBasic, buffer) != 0) return;
        lock (RefusingDevices) RefusingDevices.Add(DeviceOf(buffer));
    }

    private static int OpenPath(string path)
    {
        fixed (byte* text = NameText(path)) return OpenAt(CurrentDirectory, text, PathOnly | DirectoryOnly | CloseOnExec, 0);
    }

    /// <summary>The user's mask, which no call tells without changing it.</summary>
    private static uint? ReadMask()
    {
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith("Umask:", StringComparison.Ordinal));
            return line is null ? null : Convert.ToUInt32(line["Umask:".Length..].Trim(), 8);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
