using System.Diagnostics.CodeAnalysis;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;
using P2PCopy.Transfer.Text;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// Goes through what is to be sent, folder by folder, without following a link and without opening anything but folders. What no
/// receiver would take is left out with a note; what cannot be looked at, too.
/// </summary>
/// <param name="withLinks">Whether links are sent as links.</param>
/// <param name="renamesUnsafe">Whether what no receiver would take gets a name that all take.</param>
internal sealed class SourceWalk(bool withLinks, bool renamesUnsafe = false)
{
    private static readonly NameRules Rules = new(AllowSensitive: true);

    private const int MostNotes = 100;

    private readonly List<string> _notes = [];
    private readonly List<string> _topNames = [];
    private int _files;
    private long _bytes;

    public ManifestSpool Manifest { get; } = new();

    /// <summary>Where the entries of depth 0 really are, links resolved.</summary>
    public Dictionary<int, string> Roots { get; } = [];

    public IReadOnlyList<string> Notes => _notes;

    public int MoreNotes { get; private set; }

    public TreeSummary Summary => new(Manifest.Count, _files, _bytes, _topNames);

    /// <summary>The folder of a path.</summary>
    public static string FolderOf(string path) => Path.GetDirectoryName(path) ?? path;

    /// <summary>Adds what the user named, and everything in it.</summary>
    public Ending? Add(string named)
    {
        if (named.Length == 0) return SourceEndings.Missing(named);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(named));
        var name = Path.GetFileName(path);
        if (Directory.ResolveLinkTarget(path, returnFinalTarget: true) is { } target) path = Path.TrimEndingDirectorySeparator(target.FullName);
        if (name.Length == 0) return SourceEndings.NotRegular(named, "a whole disk");
        if (renamesUnsafe && PortableName.From(name) is { } portable && portable != name)
        {
            Note($"'{DisplayText.Escape(name, 200)}' is sent as '{portable}'.");
            name = portable;
        }

        if (!TreePath.TryCreate([name], isFolder: false, Rules, out var top, out var refusal))
        {
            return new Ending(OutcomeKind.SourceFailed, refusal.Sentence.Replace("offered ", "", StringComparison.Ordinal), "No receiver takes it.", "Rename it.");
        }

        using var folder = FolderHandle.OpenRoot(FolderOf(path));
        if (folder.Look(Path.GetFileName(path)) is not { } facts) return SourceEndings.Missing(named);
        if (facts.Kind is StandingKind.Other or StandingKind.Link) return SourceEndings.NotRegular(named, "a device, a pipe or a socket");
        Roots[Manifest.Count] = path;
        if (_topNames.Count < TreeLimits.TopNames) _topNames.Add(name);
        AddEntry(facts, top, -1, null);
        if (facts.Kind != StandingKind.Folder) return null;
        using var own = FolderHandle.OpenRoot(path);
        Walk(own, top, Manifest.Count - 1);
        return null;
    }

    private void Walk(FolderHandle folder, TreePath path, int parent)
    {
        var names = new SortedNames(folder.Names());
        for (var i = 0; i < names.Unreadable; i++) Note($"A name in '{path}' is no text and was left out.");
        var renamed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names.InOrder())
        {
            if (!TreePath.TryCreateBelow(path, name, isFolder: false, Rules, out var below, out var refusal)
                && (refusal.NameFault == NameFault.PartSuffix || !TryRename(folder, path, name, renamed, out below)))
            {
                // Our own unfinished files are no part of anybody's tree.
                if (refusal.NameFault != NameFault.PartSuffix) Note(refusal.Sentence.Replace("offered ", "", StringComparison.Ordinal) + " It was left out.");
                continue;
            }

            try
            {
                AddBelow(folder, name, below, parent);
            }
            catch (Exception error) when (DiskEndings.IsDiskError(error))
            {
                Note($"'{below}' cannot be read and was left out: {DisplayText.Escape(error.Message, 200)}");
            }
        }
    }

    /// <summary>Finds a name that all systems take and that nothing else in its folder has.</summary>
    private bool TryRename(FolderHandle folder, TreePath path, string name, HashSet<string> renamed, [NotNullWhen(true)] out TreePath? below)
    {
        below = null;
        if (!renamesUnsafe || PortableName.From(name) is not { } portable) return false;
        for (var number = 0; number <= TargetFolder.MostNames; number++)
        {
            var other = number == 0 ? portable : NumberedName.Beside(portable, number);
            if (folder.Look(other) is not null || !renamed.Add(NameFolding.Fold(other))) continue;
            if (!TreePath.TryCreateBelow(path, other, isFolder: false, Rules, out below, out _)) return false;
            Note($"'{path}/{DisplayText.Escape(name, 200)}' is sent as '{below.Leaf}'.");
            return true;
        }

        return false;
    }

    /// <param name="folder">Where it lies.</param>
    /// <param name="name">The name that it has here.</param>
    /// <param name="path">The place that it gets at the receiver.</param>
    /// <param name="parent">The index of its folder.</param>
    private void AddBelow(FolderHandle folder, string name, TreePath path, int parent)
    {
        // It may be gone since it was listed.
        if (folder.Look(name) is not { } facts) return;
        switch (facts.Kind)
        {
            case StandingKind.Folder when path.Depth == TreePath.MaxDepth:
                Note($"'{path}' is too deep and was left out.");
                break;
            case StandingKind.Folder:
                using (var below = folder.OpenFolder(name))
                {
                    AddEntry(facts, path, parent, null, name);
                    Walk(below, path, Manifest.Count - 1);
                }

                break;
            case StandingKind.File:
                AddEntry(facts, path, parent, null, name);
                break;
            case StandingKind.Link when withLinks && LinkTarget.TryCreate(path, folder.ReadLink(name), Rules, out var target, out _):
                AddEntry(facts, path, parent, target.Value, name);
                break;
            case StandingKind.Link:
                Note($"The link '{path}' was left out{(withLinks ? ", because it does not lead to a place below its top folder" : "")}.");
                break;
            default:
                Note($"'{path}' is a device, a pipe or a socket and was left out.");
                break;
        }
    }

    private void AddEntry(EntryFacts facts, TreePath path, int parent, string? linkTarget, string? ownName = null)
    {
        var isFile = facts.Kind == StandingKind.File;
        Manifest.Add(
            new TreeEntry
            {
                Index = Manifest.Count,
                Depth = path.Depth - 1,
                Kind = isFile ? EntryKind.File : facts.Kind == StandingKind.Folder ? EntryKind.Folder : EntryKind.Link,
                Name = path.Leaf.Value,
                Size = isFile ? facts.Size : 0,
                ModifiedNanoseconds = facts.Modified,
                Executable = isFile && facts.Executable,
                Sparse = isFile && facts.Allocated < facts.Size - 4096,
                LinkTarget = linkTarget,
            },
            parent,
            ownName == path.Leaf.Value ? null : ownName);
        if (!isFile) return;
        _files++;
        _bytes += facts.Size;
    }

    private void Note(string sentence)
    {
        if (_notes.Count < MostNotes) _notes.Add(sentence);
        else MoreNotes++;
    }
}
