using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>The contents of files, and their ends.</content>
internal sealed partial class TargetTree
{
    /// <inheritdoc/>
    public BlockRun HashBlocks(int index, long firstBlock, Span<byte> hashes)
    {
        try
        {
            return firstBlock >= 0 && _files.TryGet(index, out var file) ? file.HashBlocks(firstBlock, hashes) : new BlockRun(firstBlock, 0);
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
        if ((file.Entry.Sparse || file.Entry.Kind == EntryKind.Stream) && WatchRoom(bytes.Length) is { } full) return full;
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
        if (TryEndText(index, status) || !_files.TryTake(index, out var file)) return null;
        try
        {
            if (status is EntryStatus.Changed or EntryStatus.Unreadable) Note(index, file.Path, TreeEndings.SourceFailed(status, file.Path.Value));
            if (status != EntryStatus.Whole || file.HasFailed)
            {
                LeaveOff(file);
                return null;
            }

            var fault = Complete(file, size, digest);
            if (fault is { EndsSession: false }) Note(index, file.Path, fault.Ending);
            return fault;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            LeaveOff(file);
            var fault = Fault(error, file.Path);
            Note(index, file.Path, fault.Ending);
            return fault;
        }
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
            if (part.IsKept) part.Sync();
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
        var fault = Fault(error, file.Path);
        Note(file.Entry.Index, file.Path, fault.Ending);
        return fault;
    }

    private TargetFault? FaultOf(int index, long offset, long length, out TargetFile? file)
    {
        if (!_files.TryGet(index, out file)) return new TargetFault(new Ending(OutcomeKind.PeerMisbehaved, "The peer sends content that nobody asked for."), EndsSession: true);
        if (offset < 0 || length < 0) return Misbehaved(file.Path, "a position is negative");
        if (file.Entry.Kind == EntryKind.Stream)
        {
            if (length > long.MaxValue - offset) return Misbehaved(file.Path, "a position is beyond all bounds");
            _streamBytes += length;
            return TooMuch() is { } tooMuch ? new TargetFault(tooMuch, EndsSession: true) : null;
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
                new Ending(OutcomeKind.NotVerified, $"'{file.Path}' is not what the peer sent.", "The hash of the written file is another one.", "Start again; check this disk if it happens twice.") { Reason = EntryReason.NotVerified },
                EndsSession: false);
        }

        if (fault is null && !file.IsBaseUnchanged())
        {
            fault = new TargetFault(
                new Ending(OutcomeKind.LocalDisk, $"'{file.Path}' was changed here while it was received.", "Parts of its older version were to be reused.", "Start again when no program writes to it.") { Reason = EntryReason.ChangedThere },
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
        file.Part!.Sync();
        try
        {
            if (Place(file, out var path) is { } fault) return fault;
            return Arrived(file, path);
        }
        catch (PathTooLongException)
        {
            // It will not become shorter another day.
            file.Part.Remove();
            throw;
        }
        finally
        {
            file.Dispose();
        }
    }

    private TargetFault? Arrived(TargetFile file, TreePath path)
    {
        _arrived?.Invoke(new ArrivedFile(FullPath(path), file.Size, file.Digest));
        return null;
    }

    /// <summary>Gives a file its name, or another one where that is taken.</summary>
    private TargetFault? Place(TargetFile file, out TreePath path)
    {
        path = file.Path;
        var part = file.Part!;
        if (_options.Existing == ExistingFile.Overwrite)
        {
            _ = part.TryPlace(path.Leaf.Value, replace: true);
            return null;
        }

        if (part.TryPlace(path.Leaf.Value, replace: false)) return null;
        if (_options.Existing == ExistingFile.Skip) return new TargetFault(RefusalEndings.Exists(path.Value), EndsSession: false);
        for (var number = 1; number <= TargetFolder.MostNames; number++)
        {
            path = file.Path.Numbered(number);
            if (part.TryPlace(path.Leaf.Value, replace: false)) return null;
        }

        return new TargetFault(DiskEndings.NoName(file.Path.Value), EndsSession: false);
    }
}
