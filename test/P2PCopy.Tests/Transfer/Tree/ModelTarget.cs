using System.Security.Cryptography;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>A target in memory that outlives its sessions: finished files by path, and parts.</summary>
internal sealed class ModelTarget : ITargetTree
{
    private readonly List<TreeEntry> _entries = [];
    private readonly List<string> _paths = [];
    private readonly List<string> _stack = [];

    public Dictionary<string, byte[]> Final { get; } = [];

    /// <summary>What is there of files that are not finished, or an older version: any bytes, of any length.</summary>
    public Dictionary<string, byte[]> Parts { get; } = [];

    public HashSet<string> Folders { get; } = [];

    /// <summary>Paths that cannot be written.</summary>
    public HashSet<string> Broken { get; } = [];

    public HashSet<string> Failed { get; } = [];

    public bool IsFinished { get; private set; }

    /// <summary>Bytes that came over the wire.</summary>
    public long Written { get; private set; }

    /// <summary>Blocks for which it was asked.</summary>
    public int Hashed { get; private set; }

    private MemoryStream? _open;

    public static Ending CannotWrite { get; } = new(OutcomeKind.LocalDisk, "It cannot be written.");

    public Ending? Add(TreeEntry entry)
    {
        Assert.Equal(_entries.Count, entry.Index);
        Assert.InRange(entry.Depth, 0, _stack.Count);
        _stack.RemoveRange(entry.Depth, _stack.Count - entry.Depth);
        _entries.Add(entry);
        _paths.Add(string.Join('/', [.. _stack, entry.Name]));
        if (entry.Kind == EntryKind.Folder) _stack.Add(entry.Name);
        return null;
    }

    public Ending? Prepare() => null;

    public EntryPlan Begin(int index)
    {
        var (entry, path) = (_entries[index], _paths[index]);
        if (entry.Kind == EntryKind.Folder) Folders.Add(path);
        if (Final.ContainsKey(path)) return new EntryPlan(entry, PlanKind.Skip);
        return new EntryPlan(entry, Parts.ContainsKey(path) && entry.Kind == EntryKind.File ? PlanKind.Have : PlanKind.Fresh);
    }

    public BlockRun HashBlocks(int index, long firstBlock, Span<byte> hashes)
    {
        Hashed++;
        var (part, size) = (Parts[_paths[index]], _entries[index].Size);
        var count = 0;
        for (var block = firstBlock; (count + 1) * TreeLimits.HashBytes <= hashes.Length; block++, count++)
        {
            var length = TreeLimits.BlockLength(size, block);
            if (length == 0 || (block * TreeLimits.BlockBytes) + length > part.Length) break;
            SHA256.HashData(part.AsSpan((int)block * TreeLimits.BlockBytes, length), hashes[(count * TreeLimits.HashBytes)..]);
        }

        return new BlockRun(firstBlock, count);
    }

    public TargetFault? Write(int index, long offset, ReadOnlySpan<byte> bytes)
    {
        Written += bytes.Length;
        return Put(index, offset, bytes);
    }

    public TargetFault? Keep(int index, long offset, long length) =>
        Put(index, offset, Parts[_paths[index]].AsSpan((int)offset, (int)length));

    public TargetFault? Hole(int index, long offset, long length) =>
        Put(index, offset, new byte[length]);

    public TargetFault? End(int index, EntryStatus status, long size, ReadOnlySpan<byte> digest)
    {
        var content = _open?.ToArray() ?? [];
        _open = null;
        var path = _paths[index];
        if (status != EntryStatus.Whole || Broken.Contains(path))
        {
            Failed.Add(path);
            return null;
        }

        Assert.Equal(size, content.Length);
        Assert.Equal(SHA256.HashData(content), digest);
        Final[path] = content;
        Parts.Remove(path);
        return null;
    }

    public Ending? Finish()
    {
        IsFinished = true;
        return null;
    }

    /// <summary>The session is gone; what was written of an open file is what its part has now, in whole or in part.</summary>
    public void Crash(Random random)
    {
        if (_open is not null)
        {
            var path = _paths.First(path => !Final.ContainsKey(path) && !Folders.Contains(path) && !Failed.Contains(path));
            var written = _open.ToArray();
            if (written.Length > 0 && random.Next(3) == 0) random.NextBytes(written.AsSpan(random.Next(written.Length)));
            Parts[path] = written[..random.Next(written.Length + 1)];
        }

        _open = null;
        _entries.Clear();
        _paths.Clear();
        _stack.Clear();
    }

    private TargetFault? Put(int index, long offset, ReadOnlySpan<byte> bytes)
    {
        if (Broken.Contains(_paths[index])) return new TargetFault(CannotWrite, EndsSession: false);
        _open ??= new MemoryStream();
        Assert.Equal(_open.Length, offset);
        _open.Write(bytes);
        return null;
    }
}
