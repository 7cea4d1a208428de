using System.Diagnostics.CodeAnalysis;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// The files of a tree that are planned and have not ended. Plans run thousands of entries ahead of contents, so one of which nothing
/// is here yet is a few words only, and becomes a <see cref="TargetFile"/> when its content comes.
/// </summary>
/// <param name="folders">The tree's folders.</param>
internal sealed class PlannedFiles(FolderCache folders)
{
    private readonly Queue<Plan> _waiting = new();
    private readonly Dictionary<int, TargetFile> _begun = [];

    private readonly record struct Plan(TreePath Path, TreeEntry Entry, bool IsFresh);

    /// <summary>Those that are more than a plan.</summary>
    public IEnumerable<TargetFile> Begun => _begun.Values;

    /// <summary>Plans a file of which nothing is here. Plans come in the order of the manifest.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <param name="entry">What the manifest says of it.</param>
    /// <param name="isFresh">Whether its folder was made just now.</param>
    public void Add(TreePath path, TreeEntry entry, bool isFresh) => _waiting.Enqueue(new Plan(path, entry, isFresh));

    /// <summary>Plans a file of which there is an older version, or a part.</summary>
    public void Begin(TreePath path, TreeEntry entry, EntryFacts? older) =>
        _begun.Add(entry.Index, new TargetFile(folders, path, entry, older, isFresh: false));

    /// <summary>The file with this index, if it is planned and it is its turn: contents come in the order of the plans.</summary>
    public bool TryGet(int index, [NotNullWhen(true)] out TargetFile? file)
    {
        if (_begun.TryGetValue(index, out file)) return true;
        if (!_waiting.TryPeek(out var plan) || plan.Entry.Index != index) return false;
        _waiting.Dequeue();
        file = new TargetFile(folders, plan.Path, plan.Entry, null, plan.IsFresh);
        _begun.Add(index, file);
        return true;
    }

    /// <summary>The same, and it is the caller's from now on.</summary>
    public bool TryTake(int index, [NotNullWhen(true)] out TargetFile? file) => TryGet(index, out file) && _begun.Remove(index);

    /// <summary>Forgets all of them; what has begun is the caller's to close.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _begun.Clear();
    }
}
