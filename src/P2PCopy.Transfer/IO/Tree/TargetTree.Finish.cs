using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>What comes last: links, which nothing is ever written through, and the times of folders, which nothing changes after.</content>
internal sealed partial class TargetTree
{
    /// <inheritdoc/>
    public Ending? Finish()
    {
        if (Settle() is { } fault) return fault.Ending;
        try
        {
            if (_options.AllowLinks) ForEach(EntryKind.Link, TryMakeLink);
            ForEach(EntryKind.Folder, (path, entry) => With(path, folder => folder.SetTime(entry.ModifiedNanoseconds)));
            if (!_folders.Root.TrySyncAll()) _folders.Root.Sync();
            return _folders.Root.IsInPlace ? null : DiskEndings.FolderGone(_folders.Root.Path);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return DiskEndings.From(error, _folders.Root.Path);
        }
    }

    private void ForEach(EntryKind kind, Action<TreePath, TreeEntry> action)
    {
        var cursor = new ManifestCursor(_rules);
        for (var index = 0; index < _manifest.Count; index++)
        {
            var entry = _manifest.Read(index, out _);
            // Paths lead over folders; the others need none.
            if (entry.Kind != kind && entry.Kind != EntryKind.Folder) continue;
            var path = cursor.Next(entry, out var rule);
            if (entry.Kind == kind && rule is null) action(path, entry);
        }
    }

    private void With(TreePath? path, Action<FolderHandle> action)
    {
        FolderHandle folder;
        try
        {
            folder = _folders.Take(path);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // It could not be made, which was told when that failed.
            return;
        }

        try
        {
            action(folder);
        }
        finally
        {
            _folders.Return(path);
        }
    }

    private void TryMakeLink(TreePath path, TreeEntry entry)
    {
        Ending? failure;
        try
        {
            failure = MakeLink(path, entry);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error) && !DiskEndings.ConcernsWholeDisk(error))
        {
            failure = DiskEndings.From(error, FullPath(path));
        }

        if (failure is not null) Note(entry.Index, path, failure, isLate: true);
    }

    private Ending? MakeLink(TreePath path, TreeEntry entry)
    {
        if (!LinkTarget.TryCreate(path, entry.LinkTarget ?? "", _rules, out var target, out _)) return null;
        Ending? failure = null;
        With(path.Parent, folder =>
        {
            var name = path.Leaf.Value;
            if (folder.TryMakeLink(name, target.Value)) return;
            if (folder.Look(name) is { Kind: StandingKind.Link } && folder.ReadLink(name) == target.Value) return;
            switch (_options.Existing)
            {
                case ExistingFile.Overwrite when folder.Look(name) is not { Kind: StandingKind.Folder }:
                    var temporary = NumberedName.Part(name, 1);
                    if (folder.TryMakeLink(temporary, target.Value)) _ = folder.TryRename(temporary, name, replace: true);
                    else failure = InTheWay(path);
                    return;
                case ExistingFile.KeepBoth:
                    for (var number = 1; number <= TargetFolder.MostNames; number++)
                    {
                        if (folder.TryMakeLink(path.Leaf.Numbered(number).Value, target.Value)) return;
                    }

                    failure = DiskEndings.NoName(path.Value);
                    return;
                default:
                    failure = RefusalEndings.Exists(path.Value);
                    return;
            }
        });
        return failure;
    }
}
