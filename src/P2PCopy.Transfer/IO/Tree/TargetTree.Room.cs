using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>
/// Room on the disk. What is announced must fit before anything is written, with one per cent to spare. Of streams and of files with
/// holes nobody knows what they will take, so that is watched while it comes.
/// </content>
internal sealed partial class TargetTree
{
    /// <summary>After so many bytes that were not announced it is looked how much room is left.</summary>
    private const long LookEvery = 16 << 20;

    private long? _freeAtStart;
    private long _leftOver;
    private long _unannounced;
    private long _nextLook = LookEvery;

    /// <summary>Bytes that are free for this user, or null where the system does not tell.</summary>
    public long? FreeBytes => FreeBytesOf(_folders.Root.Path);

    /// <inheritdoc/>
    public Ending? Prepare()
    {
        // All names were seen; nothing is asked of it any more.
        _index = null;
        try
        {
            if (ShortNameTwin() is { } twin) return Refused(twin);
            _freeAtStart = FreeBytes;
            // What is here is looked for only when it matters, and once: nobody has thought since it was described.
            (int Existing, Int128 Bytes, long Parts)? here = _options.IsUnattended ? _described ?? LookAround() : null;
            if (here is { } own) _leftOver = Math.Max(0, LeftOverParts.BytesBelow(_folders.Root) - own.Parts);
            if (TooMuch() is { } tooMuch) return tooMuch;
            if (_freeAtStart is not { } free || Fits(_denseBytes, free)) return null;
            // What an earlier session brought needs no room again.
            var missing = Int128.Max(0, _denseBytes - (here ?? LookAround()).Bytes);
            return Fits(missing, free) ? null : NoRoom(missing, free);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return DiskEndings.From(error, _folders.Root.Path);
        }
    }

    /// <summary>What comes, with what unfinished files of other copies take where nobody looks, against what the user allowed.</summary>
    private Ending? TooMuch() =>
        _options.MaxSize is { } most && _totalBytes + _streamBytes + _leftOver > most
            ? RefusalEndings.TooLarge((long)Int128.Min(_totalBytes + _streamBytes, long.MaxValue), most, _leftOver)
            : null;

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

    /// <summary>Where nobody looks, half of what is free without the unfinished files of other copies stays free with them.</summary>
    private bool Fits(Int128 size, long free) => size + (size / 100) <= (_options.KeepsHalfFree ? (free - _leftOver) / 2 : free);

    private Ending NoRoom(Int128 size, long free)
    {
        var bytes = (long)Int128.Min(size, long.MaxValue);
        return _options.KeepsHalfFree && size <= free
            ? RefusalEndings.HalfIsKeptFree(bytes, free, _leftOver)
            : DiskEndings.NoRoom(_folders.Root.Path, bytes, free);
    }

    /// <summary>Bytes of a stream, or of a file that was announced to have holes, are about to be written.</summary>
    private TargetFault? WatchRoom(long bytes)
    {
        _unannounced += bytes;
        if (_unannounced < _nextLook || FreeBytes is not { } free) return null;
        _nextLook = _unannounced + LookEvery;
        var half = _options.KeepsHalfFree && _freeAtStart is { } start && !Fits(_unannounced, start);
        return half ? new TargetFault(RefusalEndings.HalfIsKeptFree(_unannounced, _freeAtStart!.Value, _leftOver), EndsSession: true)
            : free < _unannounced / 100 ? new TargetFault(DiskEndings.NoRoom(_folders.Root.Path, _unannounced, free), EndsSession: true)
            : null;
    }
}
