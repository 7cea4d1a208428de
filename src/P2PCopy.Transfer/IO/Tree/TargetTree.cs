using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// The folder that takes a tree. Every name is checked, every folder opened by its handle without following links, every file
/// written under a reserved name and renamed when it is whole and on the disk; what was there already is only read, unless the
/// user said otherwise.
/// </summary>
/// <remarks>
/// Small files are brought to the disk together and get their names then (<see cref="Settle"/>), because one sync each would cost
/// more than all of their bytes; whatever is left is settled by <see cref="Finish"/>. All methods block and belong to one thread.
/// </remarks>
internal sealed partial class TargetTree : ITargetTree, IDisposable
{
    private readonly FolderCache _folders;
    private readonly TargetTreeOptions _options;
    private readonly NameRules _rules;
    private readonly ManifestSpool _manifest = new();
    private readonly ManifestIndex _index;
    private readonly List<(TreePath Path, int Index)> _addStack = [];
    private readonly List<TreePath> _beginStack = [];
    private readonly Dictionary<int, TargetFile> _files = [];
    private Int128 _totalBytes;
    private Int128 _denseBytes;
    private long _streamBytes;

    private TargetTree(FolderHandle root, TargetTreeOptions options)
    {
        _folders = new FolderCache(root);
        _options = options;
        _rules = new NameRules(options.AllowSensitive);
        _index = new ManifestIndex(options.MaxEntries, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
    }

    /// <summary>Bytes that are free for this user, or null where the system does not tell.</summary>
    public long? FreeBytes => FreeBytesOf(_folders.Root.Path);

    /// <summary>Opens the folder; nothing is changed in it.</summary>
    public static bool TryOpen(
        string folder, TargetTreeOptions options, [NotNullWhen(true)] out TargetTree? tree, [NotNullWhen(false)] out Ending? failure)
    {
        tree = null;
        try
        {
            var path = Path.GetFullPath(folder);
            failure = !Directory.Exists(path) ? DiskEndings.NoFolder(path)
                : !options.AllowSensitive && SensitiveNames.SensitiveFolder(path) is { } component ? RefusalEndings.SensitiveFolder(component)
                : null;
            if (failure is null) tree = new TargetTree(FolderHandle.OpenRoot(path), options);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            failure = DiskEndings.From(error, folder);
        }

        return failure is null && tree is not null;
    }

    /// <inheritdoc/>
    public Ending? Add(in TreeEntry entry)
    {
        if (entry.Depth > _addStack.Count || entry.Depth < 0)
        {
            return new Ending(OutcomeKind.PeerMisbehaved, "The peer offers an entry in something that is no folder.");
        }

        _addStack.RemoveRange(entry.Depth, _addStack.Count - entry.Depth);
        var parent = entry.Depth == 0 ? (null, Index: -1) : (_addStack[^1].Path, _addStack[^1].Index);
        var isFolder = entry.Kind == EntryKind.Folder;
        if (!TreePath.TryCreateBelow(parent.Item1, entry.Name, isFolder, _rules, out var path, out var refusal)) return Refused(refusal);
        if (_index.Add(path, isFolder) is { } fault) return Refused(fault);
        if (entry.Size < 0) return new Ending(OutcomeKind.PeerMisbehaved, $"The peer offers '{path}' with less than no bytes.");
        _totalBytes += entry.Size;
        if (!entry.Sparse) _denseBytes += entry.Size;
        if (_options.MaxSize is { } most && _totalBytes > most) return RefusalEndings.TooLarge((long)Int128.Min(_totalBytes, long.MaxValue), most);
        try
        {
            if (isFolder) _addStack.Add((path, _manifest.Count));
            _manifest.Add(entry, parent.Index);
            return null;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return DiskEndings.From(error, Path.GetTempPath());
        }
    }

    /// <inheritdoc/>
    public Ending? Prepare()
    {
        try
        {
            if (FreeBytes is not { } free || Fits(_denseBytes, free)) return null;
            // What an earlier session brought needs no room again; it is looked for only when it matters.
            var missing = Int128.Max(0, _denseBytes - BytesHere());
            return Fits(missing, free) ? null : DiskEndings.NoRoom(_folders.Root.Path, (long)Int128.Min(missing, long.MaxValue), free);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return DiskEndings.From(error, _folders.Root.Path);
        }
    }

    /// <inheritdoc/>
    public EntryPlan Begin(int index)
    {
        TreeEntry entry = default;
        TreePath? path = null;
        try
        {
            entry = _manifest.Read(index, out _);
            path = Descend(_beginStack, entry);
            return entry.Kind switch
            {
                EntryKind.Folder => BeginFolder(path, entry),
                EntryKind.Link when !_options.AllowLinks => new EntryPlan(entry, PlanKind.Skip),
                EntryKind.Link => LinkTarget.TryCreate(path, entry.LinkTarget ?? "", _rules, out _, out var refusal)
                    ? new EntryPlan(entry, PlanKind.Fresh)
                    : Skip(entry, Refused(refusal)),
                _ => BeginFile(path, entry),
            };
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return new EntryPlan(entry, PlanKind.Skip, Fault(error, path));
        }
    }

    /// <summary>Closes everything; unfinished parts that can be gone on with stay.</summary>
    public void Dispose()
    {
        foreach (var file in _files.Values) LeaveOff(file);
        foreach (var waiting in _settling) Quietly(waiting.File.Dispose);
        _files.Clear();
        _folders.Dispose();
        _manifest.Dispose();
    }

    private static bool Fits(Int128 size, long free) => size + (size / 100) <= free;

    private static long? FreeBytesOf(string path)
    {
        try
        {
            return new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return null;
        }
    }

    private static EntryPlan Skip(TreeEntry entry, Ending ending) => new(entry, PlanKind.Skip, new TargetFault(ending, EndsSession: false));

    private static Ending Refused(TreePathRefusal refusal) => new(
        OutcomeKind.Refused, refusal.Sentence, "",
        refusal.IsSensitive ? "Take it only if you know why, with --allow-sensitive." : "Ask the peer to rename it or to leave it out.");

    private TargetFault Fault(Exception error, TreePath? path) => new(
        DiskEndings.From(error, path is null ? _folders.Root.Path : $"{_folders.Root.Path}/{path.Value}"), DiskEndings.ConcernsWholeDisk(error));

    /// <summary>The path of the next entry of a manifest that is gone through in order. All names were checked when they were added.</summary>
    private TreePath Descend(List<TreePath> stack, in TreeEntry entry)
    {
        stack.RemoveRange(entry.Depth, stack.Count - entry.Depth);
        var parent = entry.Depth == 0 ? null : stack[^1];
        var isFolder = entry.Kind == EntryKind.Folder;
        if (!TreePath.TryCreateBelow(parent, entry.Name, isFolder, _rules, out var path, out var refusal)) throw new IOException(refusal.Sentence);
        if (isFolder) stack.Add(path);
        return path;
    }

    private EntryPlan BeginFolder(TreePath path, TreeEntry entry)
    {
        var parent = _folders.Take(path.Parent);
        try
        {
            return parent.TryMakeFolder(path.Leaf.Value) || parent.Look(path.Leaf.Value) is { Kind: StandingKind.Folder }
                ? new EntryPlan(entry, PlanKind.Fresh)
                : Skip(entry, InTheWay(path));
        }
        finally
        {
            _folders.Return(path.Parent);
        }
    }

    private EntryPlan BeginFile(TreePath path, TreeEntry entry)
    {
        var folder = _folders.Take(path.Parent);
        try
        {
            var standing = folder.Look(path.Leaf.Value);
            EntryFacts? older = null;
            if (standing is { } found)
            {
                // Hashes tell a stranger about a file of the user. They are made only of one that already says it is this one, or that
                // the user gave up for it.
                var looksSame = found.Kind == StandingKind.File && entry.Kind == EntryKind.File && found.Size == entry.Size
                    && found.Modified == entry.ModifiedNanoseconds;
                if (_options.Existing == ExistingFile.Skip) return looksSame ? new EntryPlan(entry, PlanKind.Skip) : Skip(entry, RefusalEndings.Exists(path.Value));
                if (_options.Existing == ExistingFile.Overwrite && found.Kind is StandingKind.Folder or StandingKind.Other) return Skip(entry, InTheWay(path));
                if (looksSame || (_options.Existing == ExistingFile.Overwrite && found.Kind == StandingKind.File && entry.Kind == EntryKind.File)) older = found;
            }

            var hasPart = entry.Kind == EntryKind.File && folder.Look(NumberedName.Part(path.Leaf.Value, 1)) is not null;
            _files.Add(entry.Index, new TargetFile(_folders, path, entry, older));
            return new EntryPlan(entry, (older is not null || hasPart) && entry.Size > 0 ? PlanKind.Have : PlanKind.Fresh);
        }
        finally
        {
            _folders.Return(path.Parent);
        }
    }

    private static Ending InTheWay(TreePath path) => new(
        OutcomeKind.LocalDisk, $"'{path}' cannot be written.", "Something of another kind has this name.", "Move it away or choose another folder.");

    /// <summary>Bytes of the manifest's files that stand here already, whole or in part.</summary>
    private Int128 BytesHere()
    {
        Int128 bytes = 0;
        var stack = new List<TreePath>();
        for (var index = 0; index < _manifest.Count; index++)
        {
            var entry = _manifest.Read(index, out _);
            var path = Descend(stack, entry);
            if (entry.Kind != EntryKind.File || entry.Sparse) continue;
            try
            {
                var folder = _folders.Take(path.Parent);
                var here = folder.Look(path.Leaf.Value) is { Kind: StandingKind.File } whole && whole.Size == entry.Size && whole.Modified == entry.ModifiedNanoseconds
                    ? whole.Size
                    : folder.Look(NumberedName.Part(path.Leaf.Value, 1))?.Allocated ?? 0;
                bytes += Math.Min(here, entry.Size);
                _folders.Return(path.Parent);
            }
            catch (Exception error) when (DiskEndings.IsDiskError(error))
            {
                // Its folder is not there yet, so nothing of it is.
            }
        }

        return bytes;
    }
}
