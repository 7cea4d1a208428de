using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using P2PCopy.Transfer.Sending;
using P2PCopy.Transfer.Text;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// The files and folders that the user named, walked once without following links. The manifest is kept on the disk; a file is
/// opened when it is asked for, by its number and through the folders it was found in, and watched until it is closed.
/// </summary>
/// <remarks>All methods block and belong to one thread.</remarks>
internal sealed class SourceTree : ISourceTree, IDisposable
{
    private const int MostOpen = 64;

    private readonly ManifestSpool _manifest;
    private readonly Dictionary<int, Opened> _open = [];
    private readonly Dictionary<int, string> _roots;
    private FolderHandle? _lastFolder;
    private int _lastParent = -2;

    private SourceTree(SourceWalk walk)
    {
        _manifest = walk.Manifest;
        _roots = walk.Roots;
        Summary = walk.Summary;
        Notes = walk.Notes;
        MoreNotes = walk.MoreNotes;
    }

    /// <inheritdoc/>
    public TreeSummary Summary { get; }

    /// <summary>What was left out and why, as sentences that may be printed.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>How many more notes there would have been.</summary>
    public int MoreNotes { get; }

    /// <summary>Walks what the user named. The named things themselves may be links; nothing below them is followed.</summary>
    public static bool TryWalk(
        IReadOnlyList<string> paths, bool withLinks, [NotNullWhen(true)] out SourceTree? tree, [NotNullWhen(false)] out Ending? failure, bool renamesUnsafe = false)
    {
        (tree, failure) = (null, null);
        SourceWalk walk;
        try
        {
            walk = new SourceWalk(withLinks, renamesUnsafe);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            failure = SourceEndings.NoTemporaryFolder(Path.GetTempPath(), DisplayText.Escape(error.Message));
            return false;
        }

        var path = "";
        try
        {
            foreach (var named in paths)
            {
                path = named;
                failure = walk.Add(named);
                if (failure is not null) break;
            }

            if (failure is null) tree = new SourceTree(walk);
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            failure = SourceEndings.Missing(path);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            failure = SourceEndings.NotReadable(path, DisplayText.Escape(error.Message));
        }

        if (tree is null) walk.Manifest.Dispose();
        return failure is null && tree is not null;
    }

    /// <inheritdoc/>
    public IEnumerable<TreeEntry> List()
    {
        for (var index = 0; index < _manifest.Count; index++) yield return _manifest.Read(index, out _);
    }

    /// <inheritdoc/>
    public SourceExtent Map(int index, long offset)
    {
        try
        {
            if (Open(index) is not { } file) return new SourceExtent(offset, IsHole: false, EntryStatus.Unreadable);
            if (file.HasChanged()) return new SourceExtent(offset, IsHole: false, EntryStatus.Changed);
            var size = file.Entry.Size;
            var (start, end) = file.Folder.NextData(file.Handle, offset, size);
            return start > offset ? new SourceExtent(start, IsHole: true) : new SourceExtent(Math.Max(end, Math.Min(size, offset + 1)), IsHole: false);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return new SourceExtent(offset, IsHole: false, EntryStatus.Unreadable);
        }
    }

    /// <inheritdoc/>
    public SourceRead Read(int index, long offset, Span<byte> destination)
    {
        var total = 0;
        try
        {
            if (Open(index) is not { } file) return new SourceRead(0, EntryStatus.Unreadable);
            if (file.HasChanged()) return new SourceRead(0, EntryStatus.Changed);
            if (offset < 0 || offset > file.Entry.Size) return new SourceRead(0);
            // A file that grew is sent as long as it was announced; that it grew is told when it is closed.
            var rest = destination[..(int)Math.Min(destination.Length, file.Entry.Size - offset)];
            while (total < rest.Length && file.Folder.Read(file.Handle, offset + total, rest[total..]) is > 0 and var count) total += count;
            return new SourceRead(total, total < rest.Length ? EntryStatus.Changed : EntryStatus.Whole);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return new SourceRead(total, EntryStatus.Unreadable);
        }
    }

    /// <inheritdoc/>
    public EntryStatus Close(int index)
    {
        try
        {
            // A file without bytes was never opened; it is looked at all the same.
            if (Open(index) is not { } file) return EntryStatus.Unreadable;
            return file.HasChanged() ? EntryStatus.Changed : EntryStatus.Whole;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return EntryStatus.Unreadable;
        }
        finally
        {
            if (_open.Remove(index, out var file)) file.Dispose();
        }
    }

    /// <summary>Where an entry is on this computer.</summary>
    public string PathOf(int index) => NamesBelowRoot(index, out var root).Aggregate(root, Path.Combine);

    public void Dispose()
    {
        foreach (var file in _open.Values) file.Dispose();
        _open.Clear();
        _lastFolder?.Dispose();
        _manifest.Dispose();
    }

    private Opened? Open(int index)
    {
        if ((uint)index >= (uint)_manifest.Count) return null;
        if (_open.TryGetValue(index, out var opened)) return opened;
        if (_open.Count >= MostOpen)
        {
            // Its turn comes again: it is opened anew, and a change meanwhile shows in its time and size.
            var oldest = _open.Keys.Min();
            _open[oldest].Dispose();
            _open.Remove(oldest);
        }

        var entry = _manifest.Read(index, out var parent, out var name);
        if (entry.Kind != EntryKind.File) return null;
        // What the user named may be a link, which the walk resolved; everything below keeps its own name.
        var folder = parent < 0 ? FolderHandle.OpenRoot(SourceWalk.FolderOf(_roots[index])) : FolderOf(parent);
        try
        {
            var file = folder.TryOpenFile(parent < 0 ? Path.GetFileName(_roots[index]) : name, write: false, out var facts);
            return file is null ? null : _open[index] = new Opened(entry, folder, file, facts);
        }
        finally
        {
            // Asking about an open file needs no open folder.
            if (parent < 0) folder.Dispose();
        }
    }

    /// <summary>Files of one folder mostly follow each other, so the last one is kept.</summary>
    private FolderHandle FolderOf(int parent)
    {
        if (parent == _lastParent && _lastFolder is { } last) return last;
        var names = NamesBelowRoot(parent, out var root);
        var folder = FolderHandle.OpenRoot(root);
        foreach (var name in names)
        {
            using var above = folder;
            folder = above.OpenFolder(name);
        }

        _lastFolder?.Dispose();
        (_lastFolder, _lastParent) = (folder, parent);
        return folder;
    }

    /// <summary>The way to an entry: what the user named, and the names that lead from there, the uppermost first.</summary>
    private Stack<string> NamesBelowRoot(int index, out string root)
    {
        var names = new Stack<string>();
        for (_ = _manifest.Read(index, out var parent, out var name); parent >= 0; _ = _manifest.Read(index, out parent, out name))
        {
            names.Push(name);
            index = parent;
        }

        root = _roots[index];
        return names;
    }

    private sealed class Opened(TreeEntry entry, FolderHandle folder, SafeFileHandle handle, EntryFacts found) : IDisposable
    {
        private EntryFacts? _found = found;

        public TreeEntry Entry => entry;

        public FolderHandle Folder => folder;

        public SafeFileHandle Handle => handle;

        /// <summary>Whether it is no longer what was listed. It was looked at when it was opened, so asked at once it is not looked at again.</summary>
        public bool HasChanged()
        {
            var now = _found ?? folder.Look(handle);
            _found = null;
            return now.Size != entry.Size || now.Modified != entry.ModifiedNanoseconds;
        }

        public void Dispose() => handle.Dispose();
    }
}
