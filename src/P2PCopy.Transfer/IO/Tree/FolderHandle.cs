using Microsoft.Win32.SafeHandles;
using P2PCopy.Transfer.IO.Tree.Unix;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// A folder that is held open. Everything is done by a single name in it, and no name is ever followed if it is a link, so what
/// happens to the path of the folder meanwhile leads nobody elsewhere.
/// </summary>
/// <remarks>
/// Errors of the disk are thrown as the framework's own exceptions, so <see cref="DiskEndings"/> tells them apart. On Linux the
/// system keeps the promise; elsewhere <see cref="PortableFolder"/> looks before it acts, which another process can outrun.
/// </remarks>
internal abstract class FolderHandle : IDisposable
{
    /// <summary>Where it was opened, for sentences.</summary>
    public abstract string Path { get; }

    /// <summary>Opens the user's own choice of a folder, which may be a link.</summary>
    public static FolderHandle OpenRoot(string path) => OperatingSystem.IsLinux() && Environment.Is64BitProcess ? LinuxFolder.OpenRoot(path) : new PortableFolder(path);

    /// <summary>Whether its path still leads to it, as far as the system tells.</summary>
    public virtual bool IsInPlace => true;

    /// <summary>A number for the file system it is on.</summary>
    public virtual ulong Device => 0;

    /// <summary>Most bytes of a name in it, as far as the system tells.</summary>
    public virtual int LongestName => SafeName.MaxBytes;

    /// <summary>What stands under the name, or null.</summary>
    public abstract EntryFacts? Look(string name);

    /// <summary>Opens a real folder.</summary>
    public abstract FolderHandle OpenFolder(string name);

    /// <summary>Makes a folder; false when something has the name.</summary>
    public abstract bool TryMakeFolder(string name);

    /// <summary>Makes a file that was not there, open for reading and writing; null when something has the name.</summary>
    public abstract SafeFileHandle? TryMakeFile(string name);

    /// <summary>Makes a file that has no name and is gone when it is closed, open for reading and writing; null where there is no such thing.</summary>
    public virtual SafeFileHandle? TryMakeNameless() => null;

    /// <summary>Gives such a file a name that nothing has.</summary>
    public virtual Naming TryName(SafeFileHandle file, string name) => Naming.Refused;

    /// <summary>Opens a regular file, without waiting for pipes; null when it is anything else.</summary>
    public SafeFileHandle? TryOpenFile(string name, bool write) => TryOpenFile(name, write, out _);

    /// <summary>The same, with what the file was when it was open.</summary>
    public abstract SafeFileHandle? TryOpenFile(string name, bool write, out EntryFacts facts);

    /// <summary>Reads what there is at a place of an open file, at most so much; 0 at its end.</summary>
    public virtual int Read(SafeFileHandle file, long offset, Span<byte> bytes) => RandomAccess.Read(file, bytes, offset);

    /// <summary>Writes bytes at their place of an open file.</summary>
    public virtual void Write(SafeFileHandle file, long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(file, bytes, offset);

    /// <summary>What an open file is now.</summary>
    public abstract EntryFacts Look(SafeFileHandle file);

    /// <summary>Whether this process alone writes the open file from now on, as far as processes of this program go.</summary>
    public abstract bool TryLock(SafeFileHandle file);

    /// <summary>Ends that now, also where a process that was begun meanwhile still holds the file for a moment.</summary>
    public virtual void Unlock(SafeFileHandle file)
    {
    }

    /// <summary>Gives a file another name; false when something has it and must not be replaced.</summary>
    public abstract bool TryRename(string from, string to, bool replace);

    /// <summary>Removes a file or a link, never what it leads to.</summary>
    public abstract void Remove(string name);

    /// <summary>Makes a symbolic link; false when something has the name.</summary>
    public abstract bool TryMakeLink(string name, string target);

    /// <summary>What a symbolic link holds.</summary>
    public abstract string ReadLink(string name);

    /// <summary>Says of an open file that it came from another computer, where the system heeds that.</summary>
    public virtual void MarkOrigin(SafeFileHandle file, string name)
    {
    }

    /// <summary>Sets the time of an open file, and whether it may be run by who may read it.</summary>
    public abstract void Dress(SafeFileHandle file, long modified, bool executable);

    /// <summary>Sets the time of this folder.</summary>
    public abstract void SetTime(long modified);

    /// <summary>The first stretch of data at or after the offset; empty at the end when there is none.</summary>
    public abstract (long Start, long End) NextData(SafeFileHandle file, long offset, long size);

    /// <summary>Makes a stretch of an open file zeros, without space where the file system can.</summary>
    public abstract void Zero(SafeFileHandle file, long offset, long length);

    /// <summary>Copies a stretch to the same place of another file, without reading it where the file system can.</summary>
    public abstract void CopyStretch(SafeFileHandle from, SafeFileHandle to, long offset, long length);

    /// <summary>Brings the names of this folder to the disk; best effort.</summary>
    public abstract void Sync();

    /// <summary>Brings everything of this file system to the disk; false where only files can be, one by one.</summary>
    public abstract bool TrySyncAll();

    /// <summary>The names in it, in the disk's order, without <c>.</c> and <c>..</c>; a name that is no text is given as null.</summary>
    public abstract IEnumerable<string?> Names();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The slow way of <see cref="Zero"/> for systems without another.</summary>
    protected static void WriteZeros(SafeFileHandle file, long offset, long length)
    {
        // Beyond its end a file reads as zeros anyway once it is long enough.
        var end = Math.Min(offset + length, RandomAccess.GetLength(file));
        Span<byte> zeros = stackalloc byte[4096];
        zeros.Clear();
        for (; offset < end; offset += zeros.Length) RandomAccess.Write(file, zeros[..(int)Math.Min(zeros.Length, end - offset)], offset);
    }

    /// <summary>The slow way of <see cref="CopyStretch"/>.</summary>
    protected static void CopyBytes(SafeFileHandle from, SafeFileHandle to, long offset, long length)
    {
        var buffer = new byte[(int)Math.Min(length, 1 << 20)];
        for (var end = offset + length; offset < end;)
        {
            var count = RandomAccess.Read(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)), offset);
            if (count == 0) throw new EndOfStreamException("A file became shorter while it was read.");
            RandomAccess.Write(to, buffer.AsSpan(0, count), offset);
            offset += count;
        }
    }
}
