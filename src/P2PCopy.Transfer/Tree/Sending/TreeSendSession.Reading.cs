using System.Diagnostics;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.Tree.Sending;

/// <content>What is read, ahead of what is sent.</content>
internal sealed partial class TreeSendSession
{
    /// <summary>Reads that may be between disk and network.</summary>
    public const int Slots = 64;

    /// <summary>
    /// Of these, so many may hold a whole block; what is there to hold them stays at their longest, and memory is needed for the
    /// window of the transport.
    /// </summary>
    private const int BlockSlots = 6;

    /// <summary>Bytes of a read that does not need one of those.</summary>
    private const int SmallReadBytes = 32 << 10;

    private const int MostItems = 512;

    private readonly Queue<SentItem> _items = new();
    private readonly Stack<int> _freeSlots = new(Enumerable.Range(BlockSlots, Slots - BlockSlots).Reverse());
    private readonly Stack<int> _freeBlockSlots = new(Enumerable.Range(0, BlockSlots).Reverse());
    private readonly SentItem?[] _bySlot = new SentItem?[Slots];
    private readonly Dictionary<int, SentItem> _closing = [];
    private SentFile? _file;
    private SentFile? _mapping;
    private int _listed;
    private Ending? _firstFault;

    /// <summary>Whether <see cref="Give"/> is to be called with the first or the next entry of the list.</summary>
    public ListWish Wish
    {
        get
        {
            var wants = _voice.IsOpen && _listed < _summary.Entries
                && (_flows ? _file is null && !_plans.IsEmpty && _items.Count < MostItems : _offerTaken && PageHasRoom);
            return !wants ? ListWish.None : _listed == 0 ? ListWish.First : ListWish.Next;
        }
    }

    /// <summary>The entry that was wished for.</summary>
    public void Give(TreeEntry entry)
    {
        Debug.Assert(entry.Index == _listed, "the list has its order");
        if (!_flows)
        {
            AddToPage(entry);
            return;
        }

        _listed++;
        _plans.TryTake(out var kind);
        var compares = kind == PlanKind.Have && entry.Kind == EntryKind.File;
        if (kind == PlanKind.Have && !compares) _have.Pass(entry.Index);
        if (kind == PlanKind.Skip) SkippedBytes += entry.Size;
        else if (entry.HasContent)
        {
            _file = new SentFile(entry, compares);
            if (!_file.Sparse) GoStraight(_file, _file.Size);
        }
    }

    /// <summary>The list ended before its time.</summary>
    public void ListEnded() => _voice.Fail(TreeEndings.SourceListChanged);

    /// <summary>The next thing to do with the source, if there is one.</summary>
    public bool TryAsk(out SourceStep step)
    {
        step = default;
        if (!_voice.IsOpen || _file is not { } file || _mapping is not null || IsGoingStraight || _items.Count >= MostItems) return false;
        if (file.Status != EntryStatus.Whole || file.Ended || (!file.IsStream && file.Asked == file.Size)) return AskClose(file, out step);
        return file.Sparse ? AskSparse(file, out step) : AskDense(file, NextBoundary(file), out step);
    }

    /// <summary>Where data and holes are.</summary>
    public void Mapped(int index, SourceExtent extent)
    {
        Debug.Assert(_mapping?.Index == index, "one map is asked for at a time");
        var file = _mapping!;
        _mapping = null;
        if (extent.Status != EntryStatus.Whole) file.Fail(extent.Status);
        else if (extent.End <= file.Asked) file.Fail(EntryStatus.Changed);
        else
        {
            file.Extent = extent with { End = Math.Min(extent.End, file.Size) };
            if (!extent.IsHole) GoStraight(file, file.Extent.End);
        }
    }

    /// <summary>A read is over; with the hash if it was wanted and all bytes are there.</summary>
    public void ReadDone(int slot, SourceRead read, ReadOnlySpan<byte> hash)
    {
        var item = _bySlot[slot]!;
        item.Ready = true;
        // PROTOCOL TREE-13.
        if (Judge(item.File, read, item.Length)) item.Same = item.TheirHash is { } theirs && hash.SequenceEqual(theirs);
        item.Length = Math.Min(item.Length, Math.Max(0, read.Count));
    }

    /// <summary>The file is closed: what became of it, and the digest of the whole if <see cref="Digests"/> and it is whole.</summary>
    public void Closed(int index, EntryStatus status, ReadOnlySpan<byte> digest)
    {
        _closing.Remove(index, out var item);
        item!.Ready = true;
        if (status != EntryStatus.Whole) item.File.Fail(status);
        Debug.Assert(!Digests || item.File.Status != EntryStatus.Whole || digest.Length == TreeLimits.HashBytes, "a whole file has its digest");
        if (Digests && !digest.IsEmpty) item.Digest = digest.ToArray();
    }

    /// <summary>Whether all came that was to be read; otherwise the file is told.</summary>
    private static bool Judge(SentFile file, in SourceRead read, long wanted)
    {
        if (read.Status != EntryStatus.Whole) file.Fail(read.Status);
        else if (read.Count >= wanted) return true;
        else if (file.IsStream) file.Ended = true;
        // Never padded: a file that became shorter is not the file that was announced.
        else file.Fail(EntryStatus.Changed);
        return false;
    }

    private bool AskClose(SentFile file, out SourceStep step)
    {
        var item = new SentItem(file, SentItemKind.Close, file.Asked, 0);
        _items.Enqueue(item);
        _closing.Add(file.Index, item);
        if (file.Compares) _have.Pass(file.Index);
        _file = null;
        step = new SourceStep(SourceAction.Close, file.Index, file.Asked, 0, -1, false);
        return true;
    }

    private bool AskSparse(SentFile file, out SourceStep step)
    {
        step = default;
        if (file.Extent.End <= file.Asked)
        {
            _mapping = file;
            step = new SourceStep(SourceAction.Map, file.Index, file.Asked, 0, -1, false);
            return true;
        }

        if (!file.Extent.IsHole) return AskDense(file, Math.Min(NextBoundary(file), BlockIsWanted(file) ? long.MaxValue : file.Extent.End), out step);

        // Whole blocks of a hole need no hash. A block that is a hole in part is read whole when the receiver has one to compare.
        var end = file.Extent.End;
        if (file.Compares && end < file.Size) end -= end % TreeLimits.BlockBytes;
        if (end <= file.Asked)
        {
            if (file.Asked % TreeLimits.BlockBytes == 0)
            {
                if (!_have.TryLook(file.Index, file.Asked / TreeLimits.BlockBytes, out var hash)) return false;
                if (hash is not null) return AskRead(file, NextBoundary(file), hash, out step);
            }

            end = Math.Min(file.Extent.End, NextBoundary(file));
        }

        _items.Enqueue(new SentItem(file, SentItemKind.Hole, file.Asked, end - file.Asked));
        file.Asked = end;
        return TryAsk(out step);
    }

    /// <summary>Whether the receiver has something to compare with the block that begins here.</summary>
    private bool BlockIsWanted(SentFile file) =>
        file.Compares && file.Asked % TreeLimits.BlockBytes == 0
        && _have.TryLook(file.Index, file.Asked / TreeLimits.BlockBytes, out var hash) && hash is not null;

    private bool AskDense(SentFile file, long end, out SourceStep step)
    {
        step = default;
        byte[]? hash = null;
        if (file.Compares && file.Asked % TreeLimits.BlockBytes == 0 && !_have.TryLook(file.Index, file.Asked / TreeLimits.BlockBytes, out hash)) return false;
        return AskRead(file, end, hash, out step);
    }

    private bool AskRead(SentFile file, long end, byte[]? theirHash, out SourceStep step)
    {
        step = default;
        var length = (int)(end - file.Asked);
        if (!(length > SmallReadBytes ? _freeBlockSlots : _freeSlots).TryPop(out var slot)) return false;
        var item = new SentItem(file, SentItemKind.Data, file.Asked, length, slot) { TheirHash = theirHash };
        _items.Enqueue(item);
        _bySlot[slot] = item;
        step = new SourceStep(SourceAction.Read, file.Index, file.Asked, length, slot, theirHash is not null);
        file.Asked = end;
        return true;
    }

    private static long NextBoundary(SentFile file)
    {
        var boundary = file.Asked - (file.Asked % TreeLimits.BlockBytes) + TreeLimits.BlockBytes;
        return file.IsStream ? boundary : Math.Min(file.Size, boundary);
    }
}
