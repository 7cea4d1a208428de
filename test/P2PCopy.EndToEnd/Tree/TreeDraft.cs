using System.Security.Cryptography;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>Entries of a tree with their contents, as a peer would send them, written by hand into a target.</summary>
internal sealed class TreeDraft
{
    public const long Time = 1_700_000_000_123_456_700;

    private readonly List<(TreeEntry Entry, byte[] Content)> _entries = [];

    public IReadOnlyList<TreeEntry> Entries => [.. _entries.Select(static pair => pair.Entry)];

    public TreeDraft Folder(int depth, string name, long modified = Time) =>
        Add(new TreeEntry { Index = _entries.Count, Depth = depth, Kind = EntryKind.Folder, Name = name, ModifiedNanoseconds = modified }, []);

    public TreeDraft File(int depth, string name, byte[] content, bool executable = false, long modified = Time) => Add(
        new TreeEntry { Index = _entries.Count, Depth = depth, Kind = EntryKind.File, Name = name, Size = content.Length, ModifiedNanoseconds = modified, Executable = executable },
        content);

    public TreeDraft Link(int depth, string name, string target) =>
        Add(new TreeEntry { Index = _entries.Count, Depth = depth, Kind = EntryKind.Link, Name = name, LinkTarget = target }, []);

    /// <summary>Random bytes that are the same each time.</summary>
    public static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Opens a target and copies everything into it; the sentences of what failed.</summary>
    public List<string> CopyTo(string folder, TargetTreeOptions? options = null)
    {
        Assert.True(TargetTree.TryOpen(folder, options ?? new TargetTreeOptions(), out var tree, out var failure), failure?.What);
        using (tree) return CopyTo(tree, out _);
    }

    /// <summary>The same into an open one, and how many bytes travelled.</summary>
    public List<string> CopyTo(TargetTree tree, out long travelled)
    {
        travelled = 0;
        foreach (var (entry, _) in _entries)
        {
            if (tree.Add(entry) is { } refusal) return [refusal.What];
        }

        if (tree.Prepare() is { } unfit) return [unfit.What];
        var sentences = new List<string>();
        foreach (var (entry, content) in _entries)
        {
            var plan = tree.Begin(entry.Index);
            if (plan.LeftOut is { } rule) sentences.Add($"{rule.What} {rule.Why}".TrimEnd());
            if (plan.Fault is { } fault) sentences.Add($"{fault.Ending.What} {fault.Ending.Why}".TrimEnd());
            if (plan.Kind == PlanKind.Skip || !entry.HasContent) continue;
            if (Send(tree, entry, content, plan.Kind == PlanKind.Have, ref travelled) is { } broken) sentences.Add($"{broken.Ending.What} {broken.Ending.Why}".TrimEnd());
        }

        if (tree.Finish() is { } last) sentences.Add($"{last.What} {last.Why}".TrimEnd());
        return sentences;
    }

    private static TargetFault? Send(TargetTree tree, TreeEntry entry, byte[] content, bool have, ref long travelled)
    {
        var known = new HashSet<long>();
        var hashes = new byte[TreeLimits.HashBytes * 3];
        for (long block = 0; have;)
        {
            var run = tree.HashBlocks(entry.Index, block, hashes);
            if (run.Count == 0) break;
            for (var place = 0; place < run.Count; place++)
            {
                if (hashes.AsSpan(place * TreeLimits.HashBytes, TreeLimits.HashBytes).SequenceEqual(SHA256.HashData(Block(content, run.First + place)))) known.Add(run.First + place);
            }

            block = run.First + run.Count;
        }

        for (long block = 0; block < TreeLimits.Blocks(content.Length); block++)
        {
            var bytes = Block(content, block);
            var offset = block * TreeLimits.BlockBytes;
            if (!known.Contains(block)) travelled += bytes.Length;
            var fault = known.Contains(block) ? tree.Keep(entry.Index, offset, bytes.Length) : tree.Write(entry.Index, offset, bytes);
            if (fault is null) continue;
            _ = tree.End(entry.Index, EntryStatus.Dropped, content.Length, []);
            return fault;
        }

        return tree.End(entry.Index, EntryStatus.Whole, content.Length, SHA256.HashData(content));
    }

    private static ReadOnlySpan<byte> Block(byte[] content, long block) =>
        content.AsSpan((int)(block * TreeLimits.BlockBytes), TreeLimits.BlockLength(content.Length, block));

    private TreeDraft Add(TreeEntry entry, byte[] content)
    {
        _entries.Add((entry, content));
        return this;
    }
}
