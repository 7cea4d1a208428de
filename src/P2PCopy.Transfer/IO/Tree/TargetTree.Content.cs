using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>The contents of files, and their ends.</content>
internal sealed partial class TargetTree
{
    private const int MostSettling = 256;
    private const long MostSettlingBytes = 32 << 20;

    private readonly List<(TargetFile File, TreePath Path)> _settling = [];
    private long _settlingBytes;

    /// <inheritdoc/>
    public BlockRun HashBlocks(int index, long firstBlock, Span<byte> hashes)
    {
        try
        {
            return firstBlock >= 0 && _files.TryGetValue(index, out var file) ? file.HashBlocks(firstBlock, hashes) : new BlockRun(firstBlock, 0);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // What cannot be read does not count as being here; it is sent again.
            return new BlockRun(firstBlock, 0);
        }
    }

    /// <inheritdoc/>
    public TargetFault? Write(int index, long offset, ReadOnlySpan<byte> bytes)
    {
        if (TryWriteText(index, offset, bytes)) return null;
        if (FaultOf(index, offset, bytes.Length, out var file) is { } fault) return fault;
        if (file!.HasFailed) return null;
        try
        {
            file.Write(offset, bytes);
            return null;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return Failed(error, file);
        }
    }

    /// <inheritdoc/>
    public TargetFault? Keep(int index, long offset, long length)
    {
        if (FaultOf(index, offset, length, out var file) is { } fault) return fault;
        if (file!.HasFailed) return null;
        try
        {
            return file.TryKeep(offset, length) ? null : Misbehaved(file.Path, "it says that bytes are here which were never shown to it");
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return Failed(error, file);
        }
    }

    /// <inheritdoc/>
    public TargetFault? Hole(int index, long offset, long length)
    {
        if (FaultOf(index, offset, length, out var file) is { } fault) return fault;
        if (file!.HasFailed) return null;
        try
        {
            file.Hole(offset, length);
            return null;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return Failed(error, file);
        }
    }

    /// <inheritdoc/>
    public TargetFault? End(int index, EntryStatus status, long size, ReadOnlySpan<byte> digest)
    {
        if (TryEndText(index, status) || !_files.Remove(index, out var file)) return null;
        try
        {
            if (status != EntryStatus.Whole || file.HasFailed)
            {
                LeaveOff(file);
                return null;
            }

            return Complete(file, size, digest);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            LeaveOff(file);
            return Fault(error, file.Path);
        }
    }

    /// <summary>Brings the small files that wait to the disk, all together, and gives them their names.</summary>
    public TargetFault? Settle()
    {
        if (_settling.Count == 0) return null;
        TargetFault? first = null;
        try
        {
            foreach (var folder in _settling.Select(static waiting => waiting.File.OwnFolder).DistinctBy(static folder => folder.Device))
            {
                if (!folder.TrySyncAll()) SyncEach();
            }

            foreach (var (file, path) in _settling)
            {
                try
                {
                    var fault = Place(file);
                    first ??= fault;
                }
                catch (Exception error) when (DiskEndings.IsDiskError(error))
                {
                    first ??= Fault(error, path);
                }
            }
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // None of them is on the disk for certain, although it was taken: nothing may go on as if it were.
            first = Fault(error, null) with { EndsSession = true };
        }

        foreach (var (file, _) in _settling) Quietly(file.Dispose);
        _settling.Clear();
        _settlingBytes = 0;
        return first;
    }

    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // The copy has ended for a reason that was told; this one follows from it.
        }
    }

    /// <summary>A part with a journal is worth keeping; any other is removed, as far as the disk lets us.</summary>
    private static void LeaveOff(TargetFile file) => Quietly(() =>
    {
        try
        {
            if (file.Part is not { } part) return;
            if (part.HasJournal) part.Sync();
            else part.Remove();
        }
        finally
        {
            file.Dispose();
        }
    });

    private static TargetFault Misbehaved(TreePath path, string what) =>
        new(new Ending(OutcomeKind.PeerMisbehaved, $"The peer does not keep to the protocol at '{path}': {what}."), EndsSession: true);

    /// <summary>After its first fault nothing more is done for a file; what comes for it still is no fault of the peer.</summary>
    private TargetFault Failed(Exception error, TargetFile file)
    {
        file.HasFailed = true;
        return Fault(error, file.Path);
    }

    private void SyncEach()
    {
        foreach (var (file, _) in _settling) file.Part!.Sync();
    }

    private TargetFault? FaultOf(int index, long offset, long length, out TargetFile? file)
    {
        if (!_files.TryGetValue(index, out file)) return new TargetFault(new Ending(OutcomeKind.PeerMisbehaved, "The peer sends content that nobody asked for."), EndsSession: true);
        if (offset < 0 || length < 0) return Misbehaved(file.Path, "a position is negative");
        if (file.Entry.Kind == EntryKind.Stream)
        {
            if (length > long.MaxValue - offset) return Misbehaved(file.Path, "a position is beyond all bounds");
            _streamBytes += length;
            return _options.MaxSize is { } most && _totalBytes + _streamBytes > most
                ? new TargetFault(RefusalEndings.TooLarge((long)Int128.Min(_totalBytes + _streamBytes, long.MaxValue), most), EndsSession: true)
                : null;
        }

        return offset > file.Entry.Size || length > file.Entry.Size - offset ? Misbehaved(file.Path, "more comes than was announced") : null;
    }

    private TargetFault? Complete(TargetFile file, long size, ReadOnlySpan<byte> digest)
    {
        var fault = file.Entry.Kind == EntryKind.File && size != file.Entry.Size ? Misbehaved(file.Path, "its size is not the announced one")
            : !file.IsCovered(size) ? Misbehaved(file.Path, "it ends with bytes missing")
            : null;
        if (fault is null && file.IsBase && file.IsBaseUnchanged())
        {
            file.Dispose();
            return Arrived(file, file.Path);
        }

        file.Digest = digest.IsEmpty ? null : Convert.ToHexStringLower(digest);
        if (fault is null && !file.TryComplete(size, digest))
        {
            file.Part!.Remove();
            fault = new TargetFault(
                new Ending(OutcomeKind.NotVerified, $"'{file.Path}' is not what the peer sent.", "The hash of the written file is another one.", "Start again; check this disk if it happens twice."),
                EndsSession: false);
        }

        if (fault is null && !file.IsBaseUnchanged())
        {
            fault = new TargetFault(
                new Ending(OutcomeKind.LocalDisk, $"'{file.Path}' was changed here while it was received.", "Parts of its older version were to be reused.", "Start again when no program writes to it."),
                EndsSession: false);
        }

        if (fault is not null)
        {
            LeaveOff(file);
            return fault;
        }

        return size > PartFile.SmallBytes / 4 ? PlaceNow(file) : PlaceLater(file, size);
    }

    private TargetFault? PlaceNow(TargetFile file)
    {
        try
        {
            file.Part!.Sync();
            return Place(file);
        }
        finally
        {
            file.Dispose();
        }
    }

    private TargetFault? PlaceLater(TargetFile file, long size)
    {
        _settling.Add((file, file.Path));
        _settlingBytes += size;
        return _settling.Count >= MostSettling || _settlingBytes >= MostSettlingBytes ? Settle() : null;
    }

    private TargetFault? Arrived(TargetFile file, TreePath path)
    {
        _arrived?.Invoke(new ArrivedFile($"{_folders.Root.Path.TrimEnd('/')}/{path.Value}", file.Size, file.Digest));
        return null;
    }

    private TargetFault? Place(TargetFile file)
    {
        var part = file.Part!;
        if (_options.Existing == ExistingFile.Overwrite)
        {
            _ = part.TryPlace(file.Path.Leaf.Value, replace: true);
            return Arrived(file, file.Path);
        }

        if (part.TryPlace(file.Path.Leaf.Value, replace: false)) return Arrived(file, file.Path);
        if (_options.Existing == ExistingFile.Skip) return new TargetFault(RefusalEndings.Exists(file.Path.Value), EndsSession: false);
        for (var number = 1; number <= TargetFolder.MostNames; number++)
        {
            var other = file.Path.Numbered(number);
            if (part.TryPlace(other.Leaf.Value, replace: false)) return Arrived(file, other);
        }

        return new TargetFault(DiskEndings.NoName(file.Path.Value), EndsSession: false);
    }
}
