using P2PCopy.Transfer.Tree.Names;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>
/// Small files, which are brought to the disk and get their names many at a time, on another thread, while the next ones are written.
/// </content>
internal sealed partial class TargetTree
{
    /// <summary>Files that wait for their names, and are open meanwhile.</summary>
    public const int MostSettling = 256;

    private const long MostSettlingBytes = 32 << 20;

    private List<TargetFile> _settling = [];
    private List<TargetFile> _placing = [];
    private Task<PlacedFile[]>? _placed;
    private long _settlingBytes;

    /// <summary>Whether a sync failed. The system tells that once, and whoever asks again hears that all is well.</summary>
    private bool _isUncertain;

    /// <summary>What became of a small file.</summary>
    private readonly record struct PlacedFile(TreePath Path, TargetFault? Fault);

    /// <summary>
    /// Gives all small files that wait their names. What fails for one of them is noted; a fault is given only when nothing can go on.
    /// </summary>
    public TargetFault? Settle()
    {
        var earlier = FinishPlacing();
        StartPlacing();
        return FinishPlacing() is { } fault ? earlier ?? fault : earlier;
    }

    private TargetFault? PlaceLater(TargetFile file, long size)
    {
        if (_isUncertain)
        {
            file.Dispose();
            return null;
        }

        _settling.Add(file);
        _settlingBytes += size;
        if (_settling.Count < MostSettling && _settlingBytes < MostSettlingBytes) return null;
        var fault = FinishPlacing();
        StartPlacing();
        return fault;
    }

    private void StartPlacing()
    {
        if (_settling.Count == 0 || _isUncertain) return;
        (_placing, _settling) = (_settling, _placing);
        _settlingBytes = 0;
        _placed = Task.Run(() => PlaceAll(_placing));
    }

    private TargetFault? FinishPlacing()
    {
        if (_placed is not { } placed) return null;
        _placed = null;
        TargetFault? first = null;
        try
        {
            var files = placed.GetAwaiter().GetResult();
            for (var i = 0; i < files.Length; i++)
            {
                var (path, fault) = files[i];
                if (fault is null)
                {
                    _ = Arrived(_placing[i], path);
                    continue;
                }

                LeaveOff(_placing[i]);
                Note(_placing[i].Entry.Index, _placing[i].Path, fault.Ending, isLate: true);
                if (fault.EndsSession) first ??= fault;
            }
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // None of them is on the disk for certain, although it was taken: nothing may go on as if it were.
            first = Fault(error, null) with { EndsSession = true };
            _isUncertain = true;
        }

        foreach (var file in _placing) Quietly(file.Dispose);
        _placing.Clear();
        return first;
    }

    /// <summary>On another thread: only what belongs to these files is touched, and their folders, which they hold open.</summary>
    private PlacedFile[] PlaceAll(List<TargetFile> files)
    {
        foreach (var folder in files.Select(static file => file.OwnFolder).Distinct().DistinctBy(static folder => folder.Device))
        {
            if (folder.TrySyncAll()) continue;
            foreach (var file in files) file.Part!.Sync();
        }

        var placed = new PlacedFile[files.Count];
        for (var i = 0; i < placed.Length; i++)
        {
            var path = files[i].Path;
            try
            {
                var fault = Place(files[i], out path);
                placed[i] = new PlacedFile(path, fault);
                if (fault is null) files[i].Part!.Dispose();
            }
            catch (Exception error) when (DiskEndings.IsDiskError(error))
            {
                placed[i] = new PlacedFile(path, Fault(error, path));
            }
        }

        return placed;
    }
}
