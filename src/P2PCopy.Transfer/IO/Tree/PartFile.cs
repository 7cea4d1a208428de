using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using P2PCopy.Transfer.IO.Unix;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree.Resume;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// An unfinished file of our own beside its target, and, once it is worth it, the journal that tells after a crash what of it is
/// safe on the disk. Found again by its reserved name.
/// </summary>
internal sealed class PartFile : UnfinishedFile
{
    /// <summary>Parts that never grow beyond this have no journal: sending them again costs less than keeping one.</summary>
    public const long SmallBytes = 4 << 20;

    /// <summary>After so many bytes the disk is told to begin, and what it has done is claimed.</summary>
    private const long SyncEvery = 32 << 20;

    private const int MostParts = 99;
    private const int PageBytes = 4096;
    private const int NonceBytes = 16;

    private readonly string _finalName;
    private readonly string _journalName;
    private readonly Action<SafeFileHandle> _flush;
    private readonly RangeSet _unsynced = new();
    private SafeFileHandle? _journalFile;
    private PartJournal? _journal;
    private Task _syncing = Task.CompletedTask;
    private List<(long Start, long End)> _beingSynced = [];
    private long _unsyncedBytes;
    private long _writtenTo = -1;

    private PartFile(FolderHandle folder, string finalName, string name, SafeFileHandle file, Action<SafeFileHandle>? flush)
        : base(folder, file)
    {
        _finalName = finalName;
        Name = name;
        _journalName = JournalNameOf(name);
        _flush = flush ?? FileSync.ToDisk;
    }

    /// <summary>Its own name.</summary>
    public string Name { get; }

    /// <summary>Which bytes the journal claims to be safe on the disk; those beyond the end of the part never count.</summary>
    public RangeSet Safe => _journal?.Safe ?? new RangeSet();

    /// <summary>Whether a journal stands beside it.</summary>
    public override bool IsKept => _journal is not null;

    /// <summary>Opens the part that an earlier session left for this name, or null.</summary>
    public static PartFile? TryFind(FolderHandle folder, string finalName, Action<SafeFileHandle>? flush = null)
    {
        for (var number = 1; number <= MostParts; number++)
        {
            var name = NumberedName.Part(finalName, number);
            if (folder.Look(name) is not { } facts) return null;
            // A link, a second name of something else, another user's file: none of ours, whatever its name says.
            if (facts.Kind != StandingKind.File || !facts.IsAlone || folder.TryOpenFile(name, write: true) is not { } file) continue;
            if (TakeOver(folder, finalName, name, file, flush) is { } part) return part;
            file.Dispose();
        }

        return null;
    }

    /// <summary>Makes a part that was not there; null when all names are taken.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="finalName">The name that it will have.</param>
    /// <param name="flush">How a file is brought to the disk.</param>
    /// <param name="isFresh">Whether the folder was made just now, so that no journal of another day can be in it.</param>
    public static PartFile? TryMake(FolderHandle folder, string finalName, Action<SafeFileHandle>? flush = null, bool isFresh = false)
    {
        for (var number = 1; number <= MostParts; number++)
        {
            var name = NumberedName.Part(finalName, number);
            if (!isFresh) ForgetJournal(folder, JournalNameOf(name));
            if (folder.TryMakeFile(name) is not { } file) continue;
            _ = folder.TryLock(file);
            return new PartFile(folder, finalName, name, file, flush);
        }

        return null;
    }

    /// <summary>Writes bytes at their place; a journal is begun before the part becomes large.</summary>
    public override void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        BeforeChange(offset, offset + bytes.Length);
        Folder.Write(File, offset, bytes);
        _writtenTo = Math.Max(_writtenTo, offset + bytes.Length);
        AfterChange(offset, offset + bytes.Length);
    }

    /// <inheritdoc/>
    public override void SetLength(long size)
    {
        if (_writtenTo != size || FoundBytes > size) RandomAccess.SetLength(File, size);
    }

    /// <inheritdoc/>
    public override void Zero(long offset, long length)
    {
        // What was never written reads as zeros already.
        if (offset >= RandomAccess.GetLength(File)) return;
        BeforeChange(offset, offset + length);
        Folder.Zero(File, offset, length);
        AfterChange(offset, offset + length);
    }

    /// <inheritdoc/>
    public override void CopyFrom(SafeFileHandle other, long offset, long length)
    {
        BeforeChange(offset, offset + length);
        Folder.CopyStretch(other, File, offset, length);
        AfterChange(offset, offset + length);
    }

    /// <summary>Says that a stretch was found to be right; it may be claimed once it is synced.</summary>
    public void Confirm(long offset, long length) => AfterChange(offset, offset + length);

    /// <inheritdoc/>
    public override void Dress(long modified, bool executable)
    {
        Folder.MarkOrigin(File, Name);
        Folder.Dress(File, modified, executable);
    }

    /// <summary>Brings the content to the disk and claims what can be claimed.</summary>
    /// <remarks>
    /// The system tells of a failed write once, to the sync that comes first. So the one that is under way is heard to its end: whoever
    /// asks again after it is told that all is well.
    /// </remarks>
    public override void Sync()
    {
        FinishSync();
        StartSync();
        FinishSync();
    }

    /// <inheritdoc/>
    public override bool TryPlace(string name, bool replace)
    {
        if (!Folder.TryRename(Name, name, replace)) return false;
        if (_journalFile is not null) Folder.Remove(_journalName);
        return true;
    }

    /// <summary>Removes the part and its journal, if the names still lead to what was opened.</summary>
    public override void Remove()
    {
        if (Folder.Look(Name) is { } facts && facts.Identity == Folder.Look(File).Identity) Folder.Remove(Name);
        if (_journalFile is { } journal && Folder.Look(_journalName) is { } other && other.Identity == Folder.Look(journal).Identity)
        {
            Folder.Remove(_journalName);
        }
    }

    public override void Dispose()
    {
        // The number of a closed descriptor may be another file's by now, whose lock is not ours to end.
        if (File.IsClosed) return;
        try
        {
            _syncing.GetAwaiter().GetResult();
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // Nothing is claimed that was not synced; there is nobody left to tell.
        }

        _journalFile?.Dispose();
        // Closing alone would leave the lock to whatever holds a copy of the descriptor: a child between its fork and its exec.
        Folder.Unlock(File);
        File.Dispose();
    }

    /// <summary>What is thrown where no part can be made because all names are taken.</summary>
    public static IOException NoFreeName() => new("No free name was found for the unfinished file.");

    private static string JournalNameOf(string partName) => partName[..^SafeName.PartSuffix.Length] + SafeName.JournalSuffix;

    /// <summary>
    /// A journal without its part would speak for the part that is made now. It is emptied on the disk before that exists; one
    /// whose part is there keeps what it says.
    /// </summary>
    private static void ForgetJournal(FolderHandle folder, string journalName)
    {
        if (folder.Look(journalName) is not { Kind: StandingKind.File, IsAlone: true }) return;
        if (folder.Look(journalName[..^SafeName.JournalSuffix.Length] + SafeName.PartSuffix) is not null) return;
        if (folder.TryOpenFile(journalName, write: true) is not { } file) return;
        using (file)
        {
            RandomAccess.SetLength(file, 0);
            FileSync.ToDisk(file);
        }
    }

    private static PartFile? TakeOver(FolderHandle folder, string finalName, string name, SafeFileHandle file, Action<SafeFileHandle>? flush)
    {
        var facts = folder.Look(file);
        if (!facts.IsAlone || !folder.TryLock(file)) return null;
        var part = new PartFile(folder, finalName, name, file, flush) { FoundBytes = facts.Size };
        if (part.TryOpenJournal(facts.Size)) return part;
        part.Dispose();
        return null;
    }

    /// <summary>False when the part is another file's, or too large to be ours without a journal.</summary>
    private bool TryOpenJournal(long partBytes)
    {
        if (Folder.Look(_journalName) is not { Kind: StandingKind.File, IsAlone: true } || Folder.TryOpenFile(_journalName, write: true) is not { } file)
        {
            return partBytes <= SmallBytes;
        }

        var length = RandomAccess.GetLength(file);
        var text = new byte[(int)Math.Min(length, PartJournal.MostBytes)];
        var count = RandomAccess.Read(file, text, 0);
        if (PartJournal.Read(text.AsSpan(0, count)) is not { } journal)
        {
            file.Dispose();
            return partBytes <= SmallBytes;
        }

        _journalFile = file;
        _journal = journal;
        // What a crash cut off the part is not there, whatever was claimed.
        journal.Safe.Remove(partBytes, long.MaxValue);
        RandomAccess.SetLength(file, journal.Length);
        return journal.Name == _finalName;
    }

    private void BeforeChange(long start, long end)
    {
        if (_journal is null)
        {
            if (end > SmallBytes) BeginJournal();
            return;
        }

        // A page that is written again may be torn as a whole, so what shares it is no longer safe either until the next sync.
        var (first, last) = Pages(start, end);
        if (!_journal.Safe.Overlaps(first, last)) return;
        for (var next = _journal.Safe.NextFrom(first); next is { } piece && piece.Start < last; next = _journal.Safe.NextFrom(piece.End))
        {
            _unsynced.Add(piece.Start, Math.Min(piece.End, last));
            if (piece.End >= last) break;
        }

        var place = _journal.Length;
        RandomAccess.Write(_journalFile!, _journal.Revoke(first, last), place);
        FileSync.ToDisk(_journalFile!);
    }

    private static (long First, long Last) Pages(long start, long end) => (start / PageBytes * PageBytes, (end + PageBytes - 1) / PageBytes * PageBytes);

    private void AfterChange(long start, long end)
    {
        _unsynced.Add(start, end);
        _unsyncedBytes += end - start;
        if (_journal is null || _unsyncedBytes < SyncEvery) return;
        FinishSync();
        StartSync();
    }

    private void BeginJournal()
    {
        var file = Folder.TryMakeFile(_journalName);
        if (file is null && Folder.Look(_journalName) is { Kind: StandingKind.File, IsAlone: true }) file = Folder.TryOpenFile(_journalName, write: true);
        // Something that is not ours has the name: the part goes on without a journal.
        if (file is null) return;
        RandomAccess.SetLength(file, 0);
        _journal = PartJournal.Begin(_finalName, RandomNumberGenerator.GetBytes(NonceBytes), out var text);
        RandomAccess.Write(file, text, 0);
        FileSync.ToDisk(file);
        _journalFile = file;
    }

    /// <summary>Begins a sync of all that was written until now; what is written from now on is left to the next one.</summary>
    private void StartSync()
    {
        _beingSynced = [.. _unsynced.Ranges];
        _unsynced.Remove(0, long.MaxValue);
        _unsyncedBytes = 0;
        _syncing = Task.Run(() => _flush(File));
    }

    private void FinishSync()
    {
        _syncing.GetAwaiter().GetResult();
        if (_journal is null || _beingSynced.Count == 0) return;
        foreach (var (start, end) in _beingSynced)
        {
            // A page of it was written again since: all of it is claimed after the next sync.
            var (first, last) = Pages(start, end);
            if (_unsynced.Overlaps(first, last))
            {
                _unsynced.Add(start, end);
                continue;
            }

            var place = _journal.Length;
            RandomAccess.Write(_journalFile!, _journal.AddSafe(start, end), place);
        }

        _beingSynced = [];
        FileSync.ToDisk(_journalFile!);
    }
}
