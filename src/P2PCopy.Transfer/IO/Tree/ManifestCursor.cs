using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// Goes through a checked manifest in order and tells the path of each entry, and whether the rules of the user keep it out: its own
/// name, or that of a folder it lies in.
/// </summary>
internal sealed class ManifestCursor(NameRules rules)
{
    private static readonly NameRules Everything = new(AllowSensitive: true);

    private readonly List<(TreePath Path, TreePathRefusal? Rule)> _stack = [];

    /// <summary>The path of the next entry; the rule that keeps it out, or null.</summary>
    /// <exception cref="IOException">The entry was never checked.</exception>
    public TreePath Next(TreeEntry entry, out TreePathRefusal? rule)
    {
        if (!TryNext(entry, out var path, out rule, out var refusal)) throw new IOException(refusal!.Sentence);
        return path!;
    }

    /// <summary>The same for an entry that is seen for the first time.</summary>
    public bool TryNext(TreeEntry entry, out TreePath? path, out TreePathRefusal? rule, out TreePathRefusal? refusal)
    {
        _stack.RemoveRange(entry.Depth, _stack.Count - entry.Depth);
        var parent = entry.Depth == 0 ? default : _stack[^1];
        var isFolder = entry.Kind == EntryKind.Folder;
        rule = parent.Rule;
        if (!TreePath.TryCreateBelow(parent.Path, entry.Name, isFolder, rule is null ? rules : Everything, out path, out refusal))
        {
            if (!refusal.IsSensitive) return false;
            rule = refusal;
            if (!TreePath.TryCreateBelow(parent.Path, entry.Name, isFolder, Everything, out path, out refusal)) return false;
        }

        if (isFolder) _stack.Add((path, rule));
        return true;
    }

    /// <summary>Whether an entry of this depth lies in a folder that came.</summary>
    public bool HasFolderFor(int depth) => depth >= 0 && depth <= _stack.Count;
}
