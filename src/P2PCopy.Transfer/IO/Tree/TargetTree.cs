using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// The folder that takes a tree. Every name is checked, every folder opened by its handle without following links, every file
/// written under a reserved name, or none, and given its own when it is whole and on the disk; what was there already is only read,
/// unless the user said otherwise.
/// </summary>
/// <remarks>
/// Small files are brought to the disk together and get their names then (<see cref="Settle"/>), because one sync each would cost
/// more than all of their bytes; whatever is left is settled by <see cref="Finish"/>. All methods block and belong to one thread.
/// </remarks>
internal sealed partial class TargetTree : IReceivingTarget
{
    private readonly FolderCache _folders;
    private readonly TargetTreeOptions _options;
    private readonly NameRules _rules;
    private readonly ManifestSpool _manifest = new();
    private ManifestIndex? _index;
    private readonly ShortNameTwins _shortNames = new();
    private readonly List<int> _parents = [];
    private readonly ManifestCursor _adding;
    private readonly ManifestCursor _beginning;
    private readonly OfferDraft _offer;
    private readonly PlannedFiles _files;
    private readonly Action<ArrivedFile>? _arrived;
    private Int128 _totalBytes;
    private Int128 _denseBytes;
    private long _streamBytes;

    private TargetTree(FolderHandle root, TargetTreeOptions options, Action<ArrivedFile>? arrived)
    {
        _arrived = arrived;
        _folders = new FolderCache(root);
        _files = new PlannedFiles(_folders);
        _options = options;
        _offer = new OfferDraft(root.LongestName);
        _rules = new NameRules(options.AllowSensitive);
        _adding = new ManifestCursor(_rules);
        _beginning = new ManifestCursor(_rules);
        _index = new ManifestIndex(options.MaxEntries, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
    }

    /// <summary>Opens the folder; nothing is changed in it.</summary>
    public static bool TryOpen(
        string folder,
        TargetTreeOptions options,
        [NotNullWhen(true)] out TargetTree? tree,
        [NotNullWhen(false)] out Ending? failure,
        Action<ArrivedFile>? arrived = null)
    {
        tree = null;
        try
        {
            var path = Path.GetFullPath(folder);
            failure = !Directory.Exists(path) ? DiskEndings.NoFolder(path)
                : !options.AllowSensitive && SensitiveNames.SensitiveFolder(path) is { } component ? RefusalEndings.SensitiveFolder(component)
                : null;
            if (failure is null) tree = new TargetTree(FolderHandle.OpenRoot(path), options, arrived) { IsBlank = !Directory.EnumerateFileSystemEntries(path).Any() };
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            failure = DiskEndings.From(error, folder);
        }

        return failure is null && tree is not null;
    }

    /// <inheritdoc/>
    public bool IsBlank { get; private init; }

    /// <inheritdoc/>
    public Ending? Add(TreeEntry entry)
    {
        if (!_adding.HasFolderFor(entry.Depth)) return new Ending(OutcomeKind.PeerMisbehaved, "The peer offers an entry in something that is no folder.");
        if (!_adding.TryNext(entry, out var path, out var rule, out var refusal)) return Refused(refusal!);
        var isFolder = entry.Kind == EntryKind.Folder;
        if (_index!.Add(path!, isFolder) is { } fault) return Refused(fault);
        if (_shortNames.Add(path!) is { } form) return Refused(form);
        if (entry.Kind == EntryKind.Text && !MayAddText(entry)) return new Ending(OutcomeKind.PeerMisbehaved, "The peer offers more texts than anybody reads.");
        if (entry.Size < 0) return new Ending(OutcomeKind.PeerMisbehaved, $"The peer offers '{path}' with less than no bytes.");
        _offer.Add(path!, entry, rule);
        _totalBytes += entry.Size;
        if (!entry.Sparse && rule is null) _denseBytes += entry.Size;
        if (TooMuch() is { } tooMuch) return tooMuch;
        try
        {
            _parents.RemoveRange(entry.Depth, _parents.Count - entry.Depth);
            var parent = entry.Depth == 0 ? -1 : _parents[^1];
            if (isFolder) _parents.Add(_manifest.Count);
            _manifest.Add(entry, parent);
            return null;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return DiskEndings.From(error, Path.GetTempPath());
        }
    }

    /// <inheritdoc/>
    public EntryPlan Begin(int index)
    {
        TreeEntry? entry = null;
        TreePath? path = null;
        try
        {
            entry = _manifest.Read(index, out _);
            path = _beginning.Next(entry, out var rule);
            if (rule is not null) return LeaveOut(entry, path, Refused(rule));
            return entry.Kind switch
            {
                EntryKind.Text => BeginText(entry),
                EntryKind.Folder => BeginFolder(path, entry),
                EntryKind.Link when !_options.AllowLinks => LeaveOut(entry, path, RefusalEndings.Link(path.Value)),
                EntryKind.Link => LinkTarget.TryCreate(path, entry.LinkTarget ?? "", _rules, out _, out var refusal)
                    ? new EntryPlan(entry, PlanKind.Fresh)
                    : Skip(entry, path, Refused(refusal) with { Reason = EntryReason.LinkOutside }),
                _ => BeginFile(path, entry),
            };
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            var fault = Fault(error, path);
            // Without its own list of what was offered nothing can go on.
            if (entry is null) fault = fault with { EndsSession = true };
            Note(index, path, fault.Ending);
            return new EntryPlan(entry ?? TreeEntry.Unreadable(index), PlanKind.Skip, fault);
        }
    }

    /// <summary>Closes everything; unfinished parts that can be gone on with stay.</summary>
    public void Dispose()
    {
        // What is whole keeps no part that could be gone on with, so it gets its name although the copy broke.
        _ = Settle();
        foreach (var file in _files.Begun) LeaveOff(file);
        foreach (var waiting in _settling) Quietly(waiting.Dispose);
        _files.Clear();
        _folders.Dispose();
        _manifest.Dispose();
    }

    private EntryPlan LeaveOut(TreeEntry entry, TreePath path, Ending rule)
    {
        Note(entry.Index, path, rule);
        return new EntryPlan(entry, PlanKind.Skip, LeftOut: rule);
    }

    private EntryPlan Skip(TreeEntry entry, TreePath path, Ending ending)
    {
        Note(entry.Index, path, ending);
        return new EntryPlan(entry, PlanKind.Skip, new TargetFault(ending, EndsSession: false));
    }

    private static Ending Refused(TreePathRefusal refusal) => new(
        OutcomeKind.Refused, refusal.Sentence, "",
        refusal.IsSensitive ? "Take it only if you know why, with --allow-sensitive." : "Ask the peer to rename it or to leave it out.")
    {
        Reason = EntryReason.Obeyed,
    };

    private TargetFault Fault(Exception error, TreePath? path) => new(
        DiskEndings.From(error, FullPath(path)), DiskEndings.ConcernsWholeDisk(error));

    private EntryPlan BeginFolder(TreePath path, TreeEntry entry)
    {
        var parent = _folders.Take(path.Parent);
        try
        {
            if (parent.TryMakeFolder(path.Leaf.Value)) _folders.NoteFresh(path);
            else if (parent.Look(path.Leaf.Value) is not { Kind: StandingKind.Folder }) return Skip(entry, path, InTheWay(path));
            return new EntryPlan(entry, PlanKind.Fresh);
        }
        finally
        {
            _folders.Return(path.Parent);
        }
    }

    private EntryPlan BeginFile(TreePath path, TreeEntry entry)
    {
        if (_folders.IsFresh(path.Parent))
        {
            _files.Add(path, entry, isFresh: true);
            return new EntryPlan(entry, PlanKind.Fresh);
        }

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
                if (_options.Existing == ExistingFile.Skip) return looksSame ? new EntryPlan(entry, PlanKind.Skip) : LeaveOut(entry, path, RefusalEndings.Exists(path.Value));
                if (_options.Existing == ExistingFile.Overwrite && found.Kind is StandingKind.Folder or StandingKind.Other) return Skip(entry, path, InTheWay(path));
                if (looksSame || (_options.Existing == ExistingFile.Overwrite && found.Kind == StandingKind.File && entry.Kind == EntryKind.File)) older = found;
            }

            var hasPart = entry.Kind == EntryKind.File && folder.Look(NumberedName.Part(path.Leaf.Value, 1)) is not null;
            if (older is null && !hasPart)
            {
                _files.Add(path, entry, isFresh: false);
                return new EntryPlan(entry, PlanKind.Fresh);
            }

            _files.Begin(path, entry, older);
            return new EntryPlan(entry, entry.Size > 0 ? PlanKind.Have : PlanKind.Fresh);
        }
        finally
        {
            _folders.Return(path.Parent);
        }
    }

    private static Ending InTheWay(TreePath path) => new(
        OutcomeKind.LocalDisk, $"'{path}' cannot be written.", "Something of another kind has this name.", "Move it away or choose another folder.")
    {
        Reason = EntryReason.InTheWay,
    };
}
