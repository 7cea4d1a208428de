using Microsoft.Win32.SafeHandles;
using P2PCopy.Transfer.IO.Unix;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// A small file that has no name at all until it is whole, so that it needs none that is reserved, no lock and no renaming, and whatever
/// kills the program leaves nothing of it.
/// </summary>
internal sealed class NamelessFile : UnfinishedFile
{
    /// <summary>
    /// Larger files have a part. What is lost with the program is at most two batches: as much as is not worth a journal either, twice.
    /// </summary>
    public const int MostBytes = (int)(PartFile.SmallBytes / TargetTree.MostSettling);

    private readonly string _finalName;
    private PartFile? _part;
    private long _length;
    private (long Modified, bool Executable) _dress;

    private NamelessFile(FolderHandle folder, string finalName, SafeFileHandle file)
        : base(folder, file) => _finalName = finalName;

    /// <summary>Makes one; null where the file system has none, or it cannot be made now.</summary>
    public static NamelessFile? TryMake(FolderHandle folder, string finalName) =>
        folder.TryMakeNameless() is { } file ? new NamelessFile(folder, finalName, file) : null;

    /// <inheritdoc/>
    public override void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Folder.Write(File, offset, bytes);
        _length = Math.Max(_length, offset + bytes.Length);
    }

    /// <inheritdoc/>
    public override void SetLength(long size)
    {
        if (_length != size) RandomAccess.SetLength(File, size);
        _length = size;
    }

    /// <inheritdoc/>
    public override void Zero(long offset, long length)
    {
        // What was never written reads as zeros already.
        if (offset < _length) Folder.Zero(File, offset, length);
    }

    /// <inheritdoc/>
    public override void CopyFrom(SafeFileHandle other, long offset, long length)
    {
        Folder.CopyStretch(other, File, offset, length);
        _length = Math.Max(_length, offset + length);
    }

    /// <inheritdoc/>
    public override void Dress(long modified, bool executable)
    {
        // No system that has nameless files heeds where a file came from.
        Folder.Dress(File, modified, executable);
        _dress = (modified, executable);
    }

    /// <inheritdoc/>
    public override void Sync() => FileSync.ToDisk(File);

    /// <inheritdoc/>
    public override bool TryPlace(string name, bool replace)
    {
        if (_part is not null) return _part.TryPlace(name, replace);
        switch (Folder.TryName(File, name))
        {
            case Naming.Given:
                return true;
            case Naming.Taken when !replace:
                return false;
            default:
                // Only a file that has a name can take another one's place; and some file systems name none that had no name.
                _part = ToPart();
                return _part.TryPlace(name, replace);
        }
    }

    /// <inheritdoc/>
    public override void Remove() => _part?.Remove();

    public override void Dispose()
    {
        _part?.Dispose();
        File.Dispose();
    }

    private PartFile ToPart()
    {
        var part = PartFile.TryMake(Folder, _finalName) ?? throw PartFile.NoFreeName();
        try
        {
            part.CopyFrom(File, 0, _length);
            part.Dress(_dress.Modified, _dress.Executable);
            part.Sync();
            return part;
        }
        catch
        {
            part.Remove();
            part.Dispose();
            throw;
        }
    }
}
