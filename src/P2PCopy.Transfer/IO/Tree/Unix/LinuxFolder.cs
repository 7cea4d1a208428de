using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;
using static P2PCopy.Transfer.IO.Tree.Unix.LinuxCalls;

namespace P2PCopy.Transfer.IO.Tree.Unix;

/// <summary>A folder held by its descriptor: openat(2) with O_NOFOLLOW for every name, so a planted link is an error and no way.</summary>
internal sealed unsafe class LinuxFolder : FolderHandle
{
    private const int DirentNameOffset = 19;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const uint ExecutableByOwner = 0x40;

    private static readonly uint Me = User();

    private readonly SafeFileHandle _handle;
    private readonly NamelessFiles _nameless;

    private LinuxFolder(SafeFileHandle handle, string path)
    {
        _handle = handle;
        _nameless = new NamelessFiles(handle);
        Path = path;
    }

    public override string Path { get; }

    public override ulong Device
    {
        get
        {
            var buffer = stackalloc byte[StatxBytes];
            byte empty = 0;
            return Statx(Own, &empty, AtEmptyPath, StatxBasic, buffer) == 0 ? DeviceOf(buffer) : throw Error(Path);
        }
    }

    public override bool IsInPlace
    {
        get
        {
            try
            {
                using var other = OpenRoot(Path);
                return other.Look(other._handle).Identity == Look(_handle).Identity;
            }
            catch (Exception error) when (DiskEndings.IsDiskError(error))
            {
                return false;
            }
        }
    }

    public override int LongestName => PathLimit(Own, LongestNameOf) is > 0 and var most ? (int)most : base.LongestName;

    private int Own => Number(_handle);

    /// <summary>The root is the user's own choice, so a link is followed here and nowhere else.</summary>
    public static new LinuxFolder OpenRoot(string path)
    {
        fixed (byte* text = NameText(path))
        {
            var descriptor = OpenAt(CurrentDirectory, text, DirectoryOnly | CloseOnExec, 0);
            return descriptor >= 0 ? new LinuxFolder(new SafeFileHandle(descriptor, ownsHandle: true), path) : throw Error(path);
        }
    }

    public override EntryFacts? Look(string name)
    {
        var buffer = stackalloc byte[StatxBytes];
        fixed (byte* text = NameText(name))
        {
            if (Statx(Own, text, AtSymlinkNoFollow, StatxBasic, buffer) == 0) return Facts(buffer);
        }

        return Marshal.GetLastPInvokeError() == NotFound ? null : throw Error(At(name));
    }

    public override EntryFacts Look(SafeFileHandle file)
    {
        var buffer = stackalloc byte[StatxBytes];
        byte empty = 0;
        return Statx(Number(file), &empty, AtEmptyPath, StatxBasic, buffer) == 0 ? Facts(buffer) : throw Error(Path);
    }

    public override FolderHandle OpenFolder(string name)
    {
        var descriptor = Open(name, DirectoryOnly | NoFollow | CloseOnExec);
        return descriptor >= 0 ? new LinuxFolder(new SafeFileHandle(descriptor, ownsHandle: true), At(name)) : throw Error(At(name));
    }

    public override bool TryMakeFolder(string name)
    {
        fixed (byte* text = NameText(name))
        {
            if (MakeDirectoryAt(Own, text, 0x1FF) == 0) return true;
        }

        return Marshal.GetLastPInvokeError() == Exists ? false : throw Error(At(name));
    }

    public override SafeFileHandle? TryMakeFile(string name)
    {
        var descriptor = Open(name, ReadWrite | Create | Exclusive | NoFollow | CloseOnExec);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        return Marshal.GetLastPInvokeError() == Exists ? null : throw Error(At(name));
    }

    public override SafeFileHandle? TryMakeNameless() => _nameless.TryMake();

    public override Naming TryName(SafeFileHandle file, string name) => _nameless.TryName(file, name);

    public override SafeFileHandle? TryOpenFile(string name, bool write, out EntryFacts facts)
    {
        facts = default;
        var descriptor = Open(name, (write ? ReadWrite : 0) | NonBlocking | NoFollow | CloseOnExec);
        if (descriptor < 0)
        {
            // A link, a folder opened for writing, a pipe or socket that nobody holds: all of them no regular files.
            return Marshal.GetLastPInvokeError() is Loop or IsDirectory or NoDevice ? null : throw Error(At(name));
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        facts = Look(file);
        if (facts.Kind == StandingKind.File) return file;
        file.Dispose();
        return null;
    }

    public override int Read(SafeFileHandle file, long offset, Span<byte> bytes) => FileContent.Read(file, offset, bytes, Path);

    public override void Write(SafeFileHandle file, long offset, ReadOnlySpan<byte> bytes) => FileContent.Write(file, offset, bytes, Path);

    public override bool TryLock(SafeFileHandle file) => Lock(Number(file), LockExclusiveAtOnce) == 0;

    public override void Unlock(SafeFileHandle file) => _ = Lock(Number(file), LockNoMore);

    public override bool TryRename(string from, string to, bool replace)
    {
        fixed (byte* source = NameText(from))
        fixed (byte* target = NameText(to))
        {
            if (RenameAt(Own, source, Own, target, replace ? 0 : RenameNoReplace) == 0) return true;
            switch (Marshal.GetLastPInvokeError())
            {
                case Exists when !replace:
                    return false;
                case Invalid or NoSuchCall when !replace:
                    // A file system without the exclusive renaming: a second name is exclusive by nature, and the first one goes.
                    if (LinkAt(Own, source, Own, target, 0) == 0) return UnlinkAt(Own, source, 0) == 0 ? true : throw Error(At(from));
                    if (Marshal.GetLastPInvokeError() == Exists) return false;
                    // Neither of them, as on some that other systems made: nothing better is left than to look first.
                    if (Look(to) is not null) return false;
                    return RenameAt(Own, source, Own, target, 0) == 0 ? true : throw Error(At(to));
                default:
                    throw Error(At(to));
            }
        }
    }

    public override void Remove(string name)
    {
        fixed (byte* text = NameText(name))
        {
            if (UnlinkAt(Own, text, 0) != 0 && Marshal.GetLastPInvokeError() != NotFound) throw Error(At(name));
        }
    }

    public override bool TryMakeLink(string name, string target)
    {
        fixed (byte* text = NameText(name))
        fixed (byte* content = NameText(target))
        {
            if (SymlinkAt(content, Own, text) == 0) return true;
        }

        return Marshal.GetLastPInvokeError() == Exists ? false : throw Error(At(name));
    }

    public override string ReadLink(string name)
    {
        var buffer = new byte[4097];
        fixed (byte* text = NameText(name))
        fixed (byte* content = buffer)
        {
            var count = ReadLinkAt(Own, text, content, buffer.Length);
            return count >= 0 ? Encoding.UTF8.GetString(buffer.AsSpan(0, (int)count)) : throw Error(At(name));
        }
    }

    public override void Dress(SafeFileHandle file, long modified, bool executable)
    {
        if (executable)
        {
            // What the user lets others read, others may run; never more (no set-user-id, nothing that was not readable).
            var buffer = stackalloc byte[StatxBytes];
            byte empty = 0;
            if (Statx(Number(file), &empty, AtEmptyPath, StatxBasic, buffer) != 0) throw Error(Path);
            var mode = *(ushort*)(buffer + 28) & 0x1FFu;
            if (ChangeMode(Number(file), mode | ((mode & 0x124) >> 2)) != 0 && Marshal.GetLastPInvokeError() != NotPermitted) throw Error(Path);
        }

        SetTime(Number(file), modified);
    }

    public override void SetTime(long modified) => SetTime(Own, modified);

    public override (long Start, long End) NextData(SafeFileHandle file, long offset, long size)
    {
        var start = Seek(Number(file), (nint)offset, SeekData);
        if (start < 0) return Marshal.GetLastPInvokeError() == NoDevice ? (size, size) : (offset, size);
        var end = Seek(Number(file), start, SeekHole);
        return (Math.Min(start, size), end < 0 ? size : Math.Min(end, size));
    }

    public override void Zero(SafeFileHandle file, long offset, long length)
    {
        if (Allocate(Number(file), PunchHoleKeepSize, (nint)offset, (nint)length) != 0) WriteZeros(file, offset, length);
    }

    public override void CopyStretch(SafeFileHandle from, SafeFileHandle to, long offset, long length)
    {
        for (var end = offset + length; offset < end;)
        {
            var (source, target) = (offset, offset);
            var count = CopyFileRange(Number(from), &source, Number(to), &target, (nint)Math.Min(end - offset, 1 << 30), 0);
            if (count <= 0)
            {
                // Not on this file system, or not between these two; the plain way tells what is really wrong.
                CopyBytes(from, to, offset, end - offset);
                return;
            }

            offset += count;
        }
    }

    public override void Sync() => _ = LinuxCalls.Sync(Own);

    public override bool TrySyncAll() => SyncFileSystem(Own) == 0 ? true : throw Error(Path);

    public override IEnumerable<string?> Names()
    {
        // A descriptor of its own: listing moves the position, and the same folder may be listed again.
        using var listing = new DirectoryListing(Open(".", DirectoryOnly | CloseOnExec) is >= 0 and var descriptor ? descriptor : throw Error(Path), Path);
        while (listing.TryNext(out var name))
        {
            if (name is not ("." or "..")) yield return name;
        }
    }

    public override void Dispose() => _handle.Dispose();

    private static void SetTime(int descriptor, long modified)
    {
        var (seconds, rest) = Math.DivRem(modified, NanosecondsPerSecond);
        if (rest < 0) (seconds, rest) = (seconds - 1, rest + NanosecondsPerSecond);
        const int Omit = (1 << 30) - 2;
        var times = stackalloc nint[4] { 0, Omit, (nint)seconds, (nint)rest };
        // A time that the file system cannot hold is no reason to lose the file.
        _ = SetTimes(descriptor, times);
    }

    private static EntryFacts Facts(byte* buffer)
    {
        var mode = *(ushort*)(buffer + 28);
        var kind = (mode & 0xF000) switch
        {
            0x8000 => StandingKind.File,
            0x4000 => StandingKind.Folder,
            0xA000 => StandingKind.Link,
            _ => StandingKind.Other,
        };
        var device = ((ulong)*(uint*)(buffer + 136) << 52) ^ ((ulong)*(uint*)(buffer + 140) << 40);
        return new EntryFacts(
            kind, *(long*)(buffer + 40), Time(buffer + 112), (mode & ExecutableByOwner) != 0,
            *(uint*)(buffer + 16) == 1 && *(uint*)(buffer + 20) == Me, *(long*)(buffer + 48) * 512, *(ulong*)(buffer + 32) ^ device, Time(buffer + 96));
    }

    private static long Time(byte* stamp)
    {
        // Far-away years do not fit into nanoseconds; they are told as the last ones that do.
        var value = ((Int128)(*(long*)stamp) * NanosecondsPerSecond) + *(uint*)(stamp + 8);
        return (long)Int128.Clamp(value, long.MinValue, long.MaxValue);
    }

    private int Open(string name, int flags)
    {
        fixed (byte* text = NameText(name)) return OpenAt(Own, text, flags, NewFileMode);
    }

    private string At(string name) => $"{Path}/{name}";

    private sealed class DirectoryListing : IDisposable
    {
        private readonly nint _directory;
        private readonly string _path;

        public DirectoryListing(int descriptor, string path)
        {
            _path = path;
            _directory = OpenDirectory(descriptor);
            if (_directory != 0) return;
            var error = Error(path);
            _ = Close(descriptor);
            throw error;
        }

        public bool TryNext(out string? name)
        {
            name = null;
            var entry = ReadDirectory(_directory);
            if (entry == null) return Marshal.GetLastPInvokeError() == 0 ? false : throw Error(_path);
            var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + DirentNameOffset);
            if (Utf8.IsValid(text)) name = Encoding.UTF8.GetString(text);
            return true;
        }

        public void Dispose() => _ = CloseDirectory(_directory);
    }
}
