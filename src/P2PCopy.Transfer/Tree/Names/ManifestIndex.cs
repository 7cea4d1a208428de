using System.Runtime.InteropServices;

namespace P2PCopy.Transfer.Tree.Names;

/// <summary>
/// What a manifest has named so far: refuses an entry that some system would take for an earlier one, that stands in no folder
/// named before, or in a file. A million entries cost 25 MiB: of each only a keyed hash is kept.
/// </summary>
/// <remarks>
/// Equal names have equal hashes, so no twin is ever missed; two different names share one by chance once in 10^7 manifests of
/// a million entries, and are then refused. The key is secret, so that nobody can prepare names that crowd one place.
/// </remarks>
internal sealed class ManifestIndex
{
    private const uint FolderMark = 1;
    private const uint UsedMark = 2;
    private const int FirstCapacity = 1024;

    private readonly int _most;
    private readonly ulong _key;
    private readonly ulong _salt;
    private ulong[] _folded = new ulong[FirstCapacity];
    private uint[] _exact = new uint[FirstCapacity];
    private string? _lastFolder;
    private Key _lastFolderKey;

    /// <param name="most">Most entries of a manifest.</param>
    /// <param name="key">Random numbers that the peer does not know.</param>
    /// <param name="salt">Likewise.</param>
    public ManifestIndex(int most, ulong key, ulong salt)
    {
        _most = most;
        _key = key;
        _salt = salt;
    }

    /// <summary>How many entries were taken.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of memory that it holds.</summary>
    public long HeldBytes => _folded.Length * (long)(sizeof(ulong) + sizeof(uint));

    /// <summary>Takes the next entry of the manifest, or says which rule it breaks.</summary>
    public TreePathRefusal? Add(TreePath path, bool isFolder)
    {
        if (Count == _most) return new TreePathRefusal(TreePathFault.TooMany, $"The peer offers more than {_most} entries.");
        var parent = new Key(_key, ~_key);
        if (path.Parent is { } folder && FaultOf(path, folder, out parent) is { } fault) return fault;
        var key = Below(parent, path.Leaf.Value);
        var place = Find(key.Folded);
        if (IsUsed(place))
        {
            return (_exact[place] & ~3u) == (key.Exact & ~3u)
                ? new TreePathRefusal(TreePathFault.Repeated, $"The peer offers '{path}' twice.")
                : new TreePathRefusal(TreePathFault.Twin, $"The peer offers two names that are one on some systems: '{path}' and another spelling of it.");
        }

        _folded[place] = key.Folded;
        _exact[place] = (key.Exact & ~3u) | UsedMark | (isFolder ? FolderMark : 0);
        Count++;
        if (Count > _folded.Length / 4 * 3) Grow();
        return null;
    }

    private TreePathRefusal? FaultOf(TreePath path, TreePath folder, out Key key)
    {
        key = KeyOf(folder);
        var place = Find(key.Folded);
        if (!IsUsed(place)) return new TreePathRefusal(TreePathFault.NoFolder, $"The peer offers '{path}' without its folder.");
        if ((_exact[place] & ~3u) != (key.Exact & ~3u))
        {
            return new TreePathRefusal(TreePathFault.Twin, $"The peer offers two names that are one on some systems: '{folder}' and another spelling of it.");
        }

        return (_exact[place] & FolderMark) != 0 ? null
            : new TreePathRefusal(TreePathFault.InsideFile, $"The peer offers '{path}' in something that is no folder.");
    }

    /// <summary>Entries of one folder mostly follow each other, so its key is kept.</summary>
    private Key KeyOf(TreePath folder)
    {
        var value = folder.Value;
        if (value == _lastFolder) return _lastFolderKey;
        var key = new Key(_key, ~_key);
        foreach (var name in folder.Names) key = Below(key, name.Value);
        _lastFolder = value;
        _lastFolderKey = key;
        return key;
    }

    private Key Below(Key parent, string name) =>
        new(Hash(parent.Folded, NameFolding.Fold(name)), Hash(parent.ExactHash, name));

    private ulong Hash(ulong state, string text)
    {
        state = Mix(state ^ (ulong)text.Length);
        var rest = MemoryMarshal.AsBytes(text.AsSpan());
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..]) state = Mix(state ^ MemoryMarshal.Read<ulong>(rest));
        ulong tail = 0;
        for (var index = 0; index < rest.Length; index++) tail |= (ulong)rest[index] << (8 * index);
        return Mix(state ^ tail);
    }

    /// <summary>The finaliser of SplitMix64 between two secrets: every bit of the text moves every bit of the hash.</summary>
    private ulong Mix(ulong value)
    {
        value += _salt;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return (value ^ (value >> 31)) + _key;
    }

    private bool IsUsed(int place) => (_exact[place] & UsedMark) != 0;

    private int Find(ulong folded)
    {
        var mask = _folded.Length - 1;
        var place = (int)(folded & (uint)mask);
        while (IsUsed(place) && _folded[place] != folded) place = (place + 1) & mask;
        return place;
    }

    private void Grow()
    {
        var (folded, exact) = (_folded, _exact);
        _folded = new ulong[folded.Length * 2];
        _exact = new uint[folded.Length * 2];
        for (var index = 0; index < folded.Length; index++)
        {
            if ((exact[index] & UsedMark) == 0) continue;
            var place = Find(folded[index]);
            _folded[place] = folded[index];
            _exact[place] = exact[index];
        }
    }

    private readonly record struct Key(ulong Folded, ulong ExactHash)
    {
        public uint Exact => (uint)(ExactHash >> 32);
    }
}
