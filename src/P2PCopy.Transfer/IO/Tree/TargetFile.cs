using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;
using P2PCopy.Transfer.Tree.Receiving;
using P2PCopy.Transfer.Tree.Resume;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// One file of a tree while it comes: made of what travels, of a part that an earlier session left, and of an older version
/// under its name, which is only read. Nothing is created before the first byte needs it.
/// </summary>
/// <remarks>All methods block and throw the disk's errors.</remarks>
internal sealed class TargetFile : IDisposable
{
    private static readonly byte[] ZeroBlockHash = SHA256.HashData(new byte[TreeLimits.BlockBytes]);

    private readonly FolderCache _folders;
    private readonly TreePath? _parent;
    private readonly EntryFacts? _base;
    private readonly bool _isFresh;
    private readonly bool _mayResume;
    private readonly RangeSet _inPart = new();
    private readonly RangeSet _inBase = new();
    private readonly RangeSet _covered = new();
    private readonly RangeSet _fromBase = new();
    private FolderHandle? _folder;
    private SafeFileHandle? _baseFile;

    /// <param name="folders">The tree's folders.</param>
    /// <param name="path">Where it is to be.</param>
    /// <param name="entry">What the manifest says of it.</param>
    /// <param name="standing">The older version that may be read and reused, or null.</param>
    /// <param name="isFresh">Whether its folder was made just now.</param>
    public TargetFile(FolderCache folders, TreePath path, TreeEntry entry, EntryFacts? standing, bool isFresh)
    {
        _folders = folders;
        _parent = path.Parent;
        _base = standing;
        _isFresh = isFresh;
        _mayResume = entry.Kind == EntryKind.File && !_isFresh;
        Path = path;
        Entry = entry;
        Size = entry.Size;
    }

    public TreePath Path { get; }

    public TreeEntry Entry { get; }

    /// <summary>Whether the disk refused something of it.</summary>
    public bool HasFailed { get; set; }

    /// <summary>How many bytes it has; a stream's are known when it is complete.</summary>
    public long Size { get; private set; }

    /// <summary>SHA-256 of the content in hexadecimal, if the sender told it.</summary>
    public string? Digest { get; set; }

    /// <summary>What is written, once there is something.</summary>
    public UnfinishedFile? Part { get; private set; }

    /// <summary>Whether it comes whole within a moment, and nothing has its name that it may have to replace, which needs a name to begin with.</summary>
    private bool MayBeNameless => Entry.Kind == EntryKind.File && Size <= NamelessFile.MostBytes && _base is null;

    /// <summary>The folder it is in, held open until the file is closed.</summary>
    public FolderHandle OwnFolder => _folder ??= _folders.Take(_parent);

    /// <summary>Whether every byte of the older version was kept and nothing else came, so that it is the new one, too.</summary>
    public bool IsBase => Part is null && _base is { } found && found.Size == Entry.Size && _fromBase.Contains(0, Entry.Size);

    /// <summary>Hashes the next run of blocks that are here.</summary>
    public BlockRun HashBlocks(long block, Span<byte> hashes)
    {
        Open();
        var blocks = TreeLimits.Blocks(Entry.Size);
        var buffer = new byte[TreeLimits.BlockBytes];
        var first = NextBlock(block);
        var count = 0;
        for (; first + count < blocks && (count + 1) * TreeLimits.HashBytes <= hashes.Length; count++)
        {
            if (count > 0 && NextBlock(first + count) != first + count) break;
            if (!TryHash(first + count, buffer, hashes.Slice(count * TreeLimits.HashBytes, TreeLimits.HashBytes))) break;
        }

        // Thousands of files may be hashed before the first of them comes, so none stays open for it.
        if (first + count >= blocks || count == 0) Close();
        return new BlockRun(first, count);
    }

    /// <summary>Bytes that travelled.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        MakePart().Write(offset, bytes);
        _covered.Add(offset, offset + bytes.Length);
    }

    /// <summary>Blocks that were hashed and are right; false for any others.</summary>
    public bool TryKeep(long offset, long length)
    {
        var end = offset + length;
        while (offset < end)
        {
            var stop = Math.Min(end, ((offset / TreeLimits.BlockBytes) + 1) * TreeLimits.BlockBytes);
            if (_inPart.Contains(offset, stop)) Resume().Confirm(offset, stop - offset);
            else if (!_inBase.Contains(offset, stop)) return false;
            else if (Part is not null) CopyFromBase(offset, stop);
            else _fromBase.Add(offset, stop);
            _covered.Add(offset, stop);
            offset = stop;
        }

        return true;
    }

    /// <summary>Zeros.</summary>
    public void Hole(long offset, long length)
    {
        Open();
        if (Part is null && _baseFile is not null && offset + length <= _base!.Value.Size
            && _folder!.NextData(_baseFile, offset, _base.Value.Size).Start >= offset + length)
        {
            _fromBase.Add(offset, offset + length);
        }
        else
        {
            MakePart().Zero(offset, length);
        }

        _covered.Add(offset, offset + length);
    }

    /// <summary>Whether all bytes of a file of this size came.</summary>
    public bool IsCovered(long size) => _covered.Contains(0, size);

    /// <summary>Whether the older version is still what was hashed.</summary>
    public bool IsBaseUnchanged()
    {
        if (_base is not { } found || (_fromBase.Ranges.Count == 0 && _baseFile is null)) return true;
        return OwnFolder.Look(Path.Leaf.Value) is { } now && now.Identity == found.Identity && now.Changed == found.Changed && now.Size == found.Size;
    }

    /// <summary>The part with everything in it, as long as it is to be, its time set; and its hash compared if there is one to compare with.</summary>
    public bool TryComplete(long size, ReadOnlySpan<byte> digest)
    {
        var part = MakePart();
        Size = size;
        part.SetLength(size);
        if (digest.Length > 0 && !Hash(part.File, size).AsSpan().SequenceEqual(digest)) return false;
        part.Dress(Entry.ModifiedNanoseconds, Entry.Executable);
        return true;
    }

    /// <summary>Closes what is open and leaves the part where it is.</summary>
    public void Close()
    {
        Part?.Dispose();
        Part = null;
        _baseFile?.Dispose();
        _baseFile = null;
        if (_folder is not null) _folders.Return(_parent);
        _folder = null;
    }

    public void Dispose() => Close();

    private void Open()
    {
        var folder = OwnFolder;
        if (_mayResume) Part ??= PartFile.TryFind(folder, Path.Leaf.Value);
        if (_base is null || _baseFile is not null) return;
        _baseFile = folder.TryOpenFile(Path.Leaf.Value, write: false);
    }

    /// <summary>The part in which blocks were hashed. One that was made since, because that is gone, has nothing of it.</summary>
    private PartFile Resume()
    {
        Part ??= PartFile.TryFind(OwnFolder, Path.Leaf.Value);
        return Part is PartFile { FoundBytes: > 0 } part ? part : throw new IOException("The unfinished file is gone.");
    }

    private UnfinishedFile MakePart()
    {
        Open();
        Part ??= MayBeNameless ? NamelessFile.TryMake(_folder!, Path.Leaf.Value) : null;
        Part ??= PartFile.TryMake(_folder!, Path.Leaf.Value, isFresh: _isFresh) ?? throw PartFile.NoFreeName();
        foreach (var (start, end) in _fromBase.Ranges.ToArray()) CopyFromBase(start, end);
        return Part;
    }

    private void CopyFromBase(long start, long end)
    {
        Open();
        if (_baseFile is null) throw new IOException("The older version of the file is gone.");
        Part!.CopyFrom(_baseFile, start, end - start);
        _fromBase.Remove(start, end);
    }

    /// <summary>The first block at or after this one that is wholly in the part or in the older version.</summary>
    private long NextBlock(long block)
    {
        var blocks = TreeLimits.Blocks(Entry.Size);
        while (block < blocks)
        {
            var start = block * TreeLimits.BlockBytes;
            var end = start + TreeLimits.BlockLength(Entry.Size, block);
            if (IsInBase(end)) return block;
            if (Part is null || end > Part.FoundBytes) return blocks;
            var (data, _) = _folder!.NextData(Part.File, start, Part.FoundBytes);
            if (data < end) return block;
            block = data / TreeLimits.BlockBytes;
        }

        return blocks;
    }

    private bool IsInBase(long end) => _baseFile is not null && end <= _base!.Value.Size;

    private bool TryHash(long block, byte[] buffer, Span<byte> hash)
    {
        var start = block * TreeLimits.BlockBytes;
        var length = TreeLimits.BlockLength(Entry.Size, block);
        var inPart = Part is not null && start + length <= Part.FoundBytes && _folder!.NextData(Part.File, start, Part.FoundBytes).Start < start + length;
        var file = inPart ? Part!.File : _baseFile!;
        if (!inPart && length == TreeLimits.BlockBytes && _folder!.NextData(file, start, _base!.Value.Size).Start >= start + length)
        {
            ZeroBlockHash.CopyTo(hash);
        }
        else
        {
            if (!TryRead(file, start, buffer.AsSpan(0, length))) return false;
            SHA256.HashData(buffer.AsSpan(0, length), hash);
        }

        (inPart ? _inPart : _inBase).Add(start, start + length);
        (inPart ? _inBase : _inPart).Remove(start, start + length);
        return true;
    }

    private static byte[] Hash(SafeFileHandle file, long size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[TreeLimits.BlockBytes];
        for (long offset = 0; offset < size; offset += buffer.Length)
        {
            var rest = buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - offset));
            if (!TryRead(file, offset, rest)) throw new EndOfStreamException("The unfinished file became shorter.");
            hash.AppendData(rest);
        }

        return hash.GetHashAndReset();
    }

    private static bool TryRead(SafeFileHandle file, long offset, Span<byte> bytes)
    {
        var total = 0;
        while (total < bytes.Length && RandomAccess.Read(file, bytes[total..], offset + total) is > 0 and var count) total += count;
        return total == bytes.Length;
    }
}
