using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using P2PCopy.Transfer.IO.Unix;
using P2PCopy.Transfer.Messages;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Transfer.IO;

/// <summary>
/// The file that is received: a part file of our own beside its target, written in order, synced, and renamed when it is
/// whole. Until then nothing stands under the final name and an existing file is untouched.
/// </summary>
/// <remarks>
/// A copy over this protocol cannot go on where it stopped, so a broken one leaves nothing: disposing without
/// <see cref="Commit"/> removes the part. Only a part that this object created is ever removed; one that was there before
/// stays, and another name is taken.
/// All methods block and belong to one thread.
/// </remarks>
internal sealed class FileSink : IDisposable
{
    /// <summary>
    /// After so many bytes the disk is told to begin. It keeps the last sync short: the peer waits for it in silence and would
    /// take a long one for our end.
    /// </summary>
    private const long SyncEvery = 64 << 20;

    private const int MostParts = 99;
    private const int UnixFileExists = 17;
    private const int WindowsFileExists = unchecked((int)0x80070050);
    private const int WindowsAlreadyExists = unchecked((int)0x800700B7);

    private readonly SafeFileHandle _file;
    private readonly string _folder;
    private readonly string _partPath;
    private readonly SafeName _name;
    private readonly long _size;
    private readonly ExistingFile _existing;
    private long _written;
    private long _unsynced;
    private bool _endsInHole;
    private Task _syncing = Task.CompletedTask;
    private bool _committed;

    private FileSink(SafeFileHandle file, string folder, string partPath, SafeName name, long size, ExistingFile existing)
    {
        _file = file;
        _folder = folder;
        _partPath = partPath;
        _name = name;
        _size = size;
        _existing = existing;
    }

    /// <summary>Where the file is, once it was committed.</summary>
    public string? FinalPath { get; private set; }

    /// <summary>What the user should know about the name, or null.</summary>
    public string? Note { get; private set; }

    /// <summary>Creates the part file.</summary>
    public static bool TryCreate(
        string folder,
        SafeName name,
        long size,
        ExistingFile existing,
        [NotNullWhen(true)] out FileSink? sink,
        [NotNullWhen(false)] out Ending? failure)
    {
        sink = null;
        failure = null;
        folder = Path.GetFullPath(folder);
        try
        {
            var target = Path.Combine(folder, name.Value);
            if (existing == ExistingFile.Skip && TargetFolder.Exists(target)) failure = RefusalEndings.Exists(name.Value);
            else if (existing == ExistingFile.Overwrite && Directory.Exists(target)) failure = DiskEndings.TargetIsFolder(target);
            else if (CreatePart(folder, name, out var path) is { } file) sink = new FileSink(file, folder, path, name, size, existing);
            else failure = DiskEndings.NoName(target);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            failure = DiskEndings.From(error, folder);
        }

        return failure is null && sink is not null;
    }

    /// <summary>Writes the next bytes of the file; never beyond the announced size.</summary>
    public Ending? Write(FilePiece piece, ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(piece.Offset == _written && bytes.Length == piece.Length, "the file is written in order");
        if (bytes.Length > _size - _written) return FramingFault.BlockBeyondSize.ToEnding();
        try
        {
            // Zeros stay a hole, so a sparse file stays sparse; if the file ends in one, its length is set when it is whole.
            _endsInHole = !bytes.ContainsAnyExcept((byte)0);
            if (!_endsInHole) RandomAccess.Write(_file, bytes, piece.Offset);
            _written += bytes.Length;
            if (!_endsInHole) _unsynced += bytes.Length;
            if (_unsynced >= SyncEvery) StartSync();
            return null;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return DiskEndings.From(error, _partPath);
        }
    }

    /// <summary>Syncs the content and gives the file its final name.</summary>
    public Ending? Commit()
    {
        Debug.Assert(_written == _size, "only a whole file gets its final name");
        try
        {
            if (_endsInHole) RandomAccess.SetLength(_file, _size);
            _syncing.GetAwaiter().GetResult();
            OriginMark.Put(_file, _partPath);
            FileSync.ToDisk(_file);
            // Some systems rename no open file.
            _file.Dispose();
            if (Place() is { } failure) return failure;
            _committed = true;
            DurableRename.SyncDirectory(_folder);
            return null;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return DiskEndings.From(error, Path.Combine(_folder, _name.Value));
        }
    }

    /// <summary>Removes the part file unless it became the file.</summary>
    public void Dispose()
    {
        try
        {
            _syncing.GetAwaiter().GetResult();
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // The part goes anyway.
        }

        _file.Dispose();
        if (_committed) return;
        try
        {
            File.Delete(_partPath);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // Its folder is gone or became read-only; nothing stands under the final name in any case.
        }
    }

    private static SafeFileHandle? CreatePart(string folder, SafeName name, out string path)
    {
        for (var number = 1; number <= MostParts; number++)
        {
            path = Path.Combine(folder, NumberedName.Part(name.Value, number));
            try
            {
                // Exclusive creation follows no link and opens nothing that is there.
                return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            }
            catch (IOException error) when (IsExisting(error))
            {
                // Left over or in use by another copy: not ours to touch.
            }
        }

        path = "";
        return null;
    }

    /// <summary>Waits for the former sync and begins the next: no more than two stretches are ever unsynced.</summary>
    private void StartSync()
    {
        _syncing.GetAwaiter().GetResult();
        _unsynced = 0;
        _syncing = Task.Run(() => FileSync.ToDisk(_file));
    }

    private Ending? Place()
    {
        var target = Path.Combine(_folder, _name.Value);
        if (_existing == ExistingFile.Overwrite)
        {
            if (Directory.Exists(target)) return DiskEndings.TargetIsFolder(target);
            File.Move(_partPath, target, overwrite: true);
            FinalPath = target;
            return null;
        }

        for (var number = 0; number <= TargetFolder.MostNames; number++)
        {
            var path = number == 0 ? target : Path.Combine(_folder, _name.Numbered(number).Value);
            if (MoveUnlessExists(path))
            {
                FinalPath = path;
                if (number > 0) Note = $"A file named '{_name}' was there already; both were kept.";
                return null;
            }

            if (_existing == ExistingFile.Skip) return RefusalEndings.Exists(_name.Value);
        }

        return DiskEndings.NoName(target);
    }

    private bool MoveUnlessExists(string path)
    {
        switch (DurableRename.TryLinux(_partPath, path))
        {
            case DurableRename.Answer.Renamed: return true;
            case DurableRename.Answer.Exists: return false;
            default: break;
        }

        if (TargetFolder.Exists(path)) return false;
        try
        {
            File.Move(_partPath, path, overwrite: false);
            return true;
        }
        catch (IOException error) when (IsExisting(error) || TargetFolder.Exists(path))
        {
            return false;
        }
    }

    private static bool IsExisting(IOException error) =>
        error.HResult is WindowsFileExists or WindowsAlreadyExists || (error.HResult == UnixFileExists && !OperatingSystem.IsWindows());
}
