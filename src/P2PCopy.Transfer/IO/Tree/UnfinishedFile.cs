using Microsoft.Win32.SafeHandles;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>A file of our own that is to get its name when it is whole: until then it has a reserved one, or none.</summary>
/// <remarks>All methods block, belong to one thread at a time and throw the disk's errors.</remarks>
internal abstract class UnfinishedFile(FolderHandle folder, SafeFileHandle file) : IDisposable
{
    public SafeFileHandle File { get; } = file;

    /// <summary>How long it was when it was found; nothing of one that was made.</summary>
    public long FoundBytes { get; protected init; }

    /// <summary>Whether it is kept for another day when the copy breaks.</summary>
    public virtual bool IsKept => false;

    protected FolderHandle Folder { get; } = folder;

    /// <summary>Writes bytes at their place.</summary>
    public abstract void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Makes it as long as it is to be.</summary>
    public abstract void SetLength(long size);

    /// <summary>Makes a stretch zeros.</summary>
    public abstract void Zero(long offset, long length);

    /// <summary>Takes a stretch from another file.</summary>
    public abstract void CopyFrom(SafeFileHandle other, long offset, long length);

    /// <summary>Sets the time, and whether it may be run by who may read it; and says where it came from.</summary>
    public abstract void Dress(long modified, bool executable);

    /// <summary>Brings the content to the disk.</summary>
    public abstract void Sync();

    /// <summary>Gives it a name; false when something has that and must not be replaced.</summary>
    public abstract bool TryPlace(string name, bool replace);

    /// <summary>Removes it, if what was opened still has the name that it was opened by.</summary>
    public abstract void Remove();

    public abstract void Dispose();
}
