using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>The folders of a tree that are held open: those in use, and some that were used last.</summary>
internal sealed class FolderCache(FolderHandle root) : IDisposable
{
    private const int MostIdle = 32;
    private const int MostFresh = 4096;

    private readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly LinkedList<Held> _idle = new();
    private readonly HashSet<string> _fresh = new(StringComparer.Ordinal);
    private readonly Queue<string> _freshOnes = new();

    public FolderHandle Root => root;

    /// <summary>Opens a folder by its names one after the other, none of them a link. It stays open until it is given back.</summary>
    public FolderHandle Take(TreePath? path)
    {
        if (path is null) return root;
        if (!_held.TryGetValue(path.Value, out var held))
        {
            var parent = Take(path.Parent);
            try
            {
                held = new Held(path.Value, parent.OpenFolder(path.Leaf.Value));
            }
            finally
            {
                Return(path.Parent);
            }

            _held.Add(path.Value, held);
        }
        else if (held.Users == 0)
        {
            _idle.Remove(held);
        }

        held.Users++;
        return held.Folder;
    }

    /// <summary>Says that a folder was made just now, so that nothing stands in it that had to be looked for.</summary>
    public void NoteFresh(TreePath path)
    {
        if (_fresh.Add(path.Value)) _freshOnes.Enqueue(path.Value);
        if (_freshOnes.Count > MostFresh) _fresh.Remove(_freshOnes.Dequeue());
    }

    /// <summary>
    /// Whether the folder was made by this copy, and lately. What somebody else puts there meanwhile is still never replaced unasked,
    /// since names are given exclusively.
    /// </summary>
    public bool IsFresh(TreePath? path) => path is not null && _fresh.Contains(path.Value);

    /// <summary>Says that a folder is not needed by this user any more.</summary>
    public void Return(TreePath? path)
    {
        if (path is null) return;
        var held = _held[path.Value];
        if (--held.Users > 0) return;
        _idle.AddLast(held);
        if (_idle.Count <= MostIdle) return;
        var oldest = _idle.First!.Value;
        _idle.RemoveFirst();
        _held.Remove(oldest.Key);
        oldest.Folder.Dispose();
    }

    public void Dispose()
    {
        foreach (var held in _held.Values) held.Folder.Dispose();
        _held.Clear();
        root.Dispose();
    }

    private sealed class Held(string key, FolderHandle folder)
    {
        public string Key { get; } = key;

        public FolderHandle Folder { get; } = folder;

        public int Users { get; set; }
    }
}
