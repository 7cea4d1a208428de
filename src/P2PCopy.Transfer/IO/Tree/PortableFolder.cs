using Microsoft.Win32.SafeHandles;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// A folder by its path, for systems without the calls of <see cref="Unix.LinuxFolder"/>. Links and other reparse points are
/// looked for before each step, and creation is exclusive; but between look and step another process of this computer could
/// put a link in the place of a folder. Hard links are not told from other files, and holes are found nowhere.
/// </summary>
internal sealed class PortableFolder(string path) : FolderHandle
{
    private const long NanosecondsPerTick = 100;
    private const int UnixFileExists = 17;
    private const int WindowsFileExists = unchecked((int)0x80070050);
    private const int WindowsAlreadyExists = unchecked((int)0x800700B7);

    public override string Path { get; } = Directory.Exists(path) ? System.IO.Path.GetFullPath(path) : throw new DirectoryNotFoundException($"There is no folder '{path}'.");

    public override EntryFacts? Look(string name)
    {
        CheckOwn();
        var info = new FileInfo(At(name));
        if (info.LinkTarget is not null) return new EntryFacts(StandingKind.Link, 0, 0, false, true, 0, 0, 0);
        if (Directory.Exists(info.FullName))
        {
            CheckSpelling(name);
            return new EntryFacts(StandingKind.Folder, 0, Nanoseconds(info.LastWriteTimeUtc), false, true, 0, 0, 0);
        }

        if (!info.Exists) return null;
        CheckSpelling(name);
        return info.Attributes.HasFlag(FileAttributes.ReparsePoint) || info.Attributes.HasFlag(FileAttributes.Device)
            ? new EntryFacts(StandingKind.Other, 0, 0, false, true, 0, 0, 0)
            : new EntryFacts(StandingKind.File, info.Length, Nanoseconds(info.LastWriteTimeUtc), IsExecutable(info), true, info.Length, 0, 0);
    }

    public override EntryFacts Look(SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(file);
        return new EntryFacts(StandingKind.File, size, Nanoseconds(File.GetLastWriteTimeUtc(file)), false, true, size, 0, 0);
    }

    public override FolderHandle OpenFolder(string name) =>
        Look(name)?.Kind == StandingKind.Folder ? new PortableFolder(At(name)) : throw new IOException($"'{At(name)}' is no folder.");

    public override bool TryMakeFolder(string name)
    {
        if (Look(name) is not null) return false;
        Directory.CreateDirectory(At(name));
        return true;
    }

    public override SafeFileHandle? TryMakeFile(string name)
    {
        CheckOwn();
        try
        {
            return File.OpenHandle(At(name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        }
        catch (IOException error) when (IsExisting(error))
        {
            return null;
        }
    }

    public override SafeFileHandle? TryOpenFile(string name, bool write, out EntryFacts facts)
    {
        facts = default;
        if (Look(name)?.Kind != StandingKind.File) return null;
        var share = write ? FileShare.Read | FileShare.Delete : FileShare.ReadWrite | FileShare.Delete;
        var file = File.OpenHandle(At(name), FileMode.Open, write ? FileAccess.ReadWrite : FileAccess.Read, share);
        facts = Look(file);
        return file;
    }

    public override bool TryLock(SafeFileHandle file) => true;

    public override bool TryRename(string from, string to, bool replace)
    {
        if (!replace && Look(to) is not null) return false;
        try
        {
            File.Move(At(from), At(to), replace);
            return true;
        }
        catch (IOException error) when (!replace && IsExisting(error))
        {
            return false;
        }
    }

    public override void Remove(string name)
    {
        CheckOwn();
        File.Delete(At(name));
    }

    public override bool TryMakeLink(string name, string target)
    {
        if (Look(name) is not null) return false;
        File.CreateSymbolicLink(At(name), target.Replace('/', System.IO.Path.DirectorySeparatorChar));
        return true;
    }

    public override string ReadLink(string name) =>
        new FileInfo(At(name)).LinkTarget?.Replace(System.IO.Path.DirectorySeparatorChar, '/') ?? throw new IOException($"'{At(name)}' is no link.");

    public override void MarkOrigin(SafeFileHandle file, string name) => OriginMark.Put(file, At(name));

    public override void Dress(SafeFileHandle file, long modified, bool executable)
    {
        if (executable && !OperatingSystem.IsWindows())
        {
            var mode = File.GetUnixFileMode(file);
            File.SetUnixFileMode(file, mode | (UnixFileMode)(((int)mode & 0x124) >> 2));
        }

        File.SetLastWriteTimeUtc(file, Time(modified));
    }

    public override void SetTime(long modified) => Directory.SetLastWriteTimeUtc(Path, Time(modified));

    public override (long Start, long End) NextData(SafeFileHandle file, long offset, long size) => (offset, size);

    public override void Zero(SafeFileHandle file, long offset, long length) => WriteZeros(file, offset, length);

    public override void CopyStretch(SafeFileHandle from, SafeFileHandle to, long offset, long length) => CopyBytes(from, to, offset, length);

    public override void Sync()
    {
        // A directory cannot be synced by the framework's means.
    }

    public override bool TrySyncAll() => false;

    public override IEnumerable<string?> Names()
    {
        CheckOwn();
        foreach (var entry in new DirectoryInfo(Path).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }))
        {
            yield return entry.Name;
        }
    }

    public override void Dispose()
    {
    }

    private static bool IsExisting(IOException error) =>
        error.HResult is WindowsFileExists or WindowsAlreadyExists || (error.HResult == UnixFileExists && !OperatingSystem.IsWindows());

    private static bool IsExecutable(FileInfo info) => !OperatingSystem.IsWindows() && info.UnixFileMode.HasFlag(UnixFileMode.UserExecute);

    private static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * NanosecondsPerTick;

    private static DateTime Time(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);

    private string At(string name) => System.IO.Path.Combine(Path, name);

    private void CheckOwn()
    {
        if (new DirectoryInfo(Path).LinkTarget is not null && Path != System.IO.Path.GetPathRoot(Path) && IsBelowRoot)
        {
            throw new IOException($"'{Path}' has become a link.");
        }
    }

    /// <summary>The user's own choice of a folder may be a link; it was resolved when it was opened.</summary>
    private bool IsBelowRoot { get; } = new DirectoryInfo(path).LinkTarget is null;

    /// <summary>On Windows and macOS a name finds entries of other spellings, on Windows also by their short second names.</summary>
    private void CheckSpelling(string name)
    {
        foreach (var found in new DirectoryInfo(Path).EnumerateFileSystemInfos(name, new EnumerationOptions { AttributesToSkip = 0 }))
        {
            if (found.Name == name) return;
            throw new IOException($"'{found.Name}' is there, which is the same name as '{name}' on this system.");
        }
    }
}
