using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree.Receiving;

/// <content>What comes for the files: each in order, each from its beginning to its end, never more than was announced.</content>
internal sealed partial class TreeReceiveSession
{
    private readonly Queue<WantedEntry> _wanted = new();
    private readonly HashSet<int> _faulted = [];
    private readonly List<int> _drops = [];
    private long _position;
    private int _chunkRest;
    private long _chunkBytes;
    private long _taken;
    private int _endsHeard;
    private int _discarded;
    private long _discardedBytes;
    private int _droppedLast = -1;
    private Ending? _firstFault;

    private readonly record struct WantedEntry(int Index, EntryKind Kind, long Size, string Name)
    {
        /// <summary>Whether it comes because all was wanted, and the target does not take it.</summary>
        public bool IsDiscarded { get; init; }
    }

    /// <summary>Entries that the sender is told to have ended.</summary>
    private int EndedOnWire => EndedEntries + _discarded;

    /// <summary>Bytes that the sender is told to be settled: what it could not know to be unwanted counts on both screens alike.</summary>
    private long SettledOnWire => SettledBytes + _discardedBytes;

    private int TakeContent(ReadOnlySpan<byte> bytes, out TargetStep step)
    {
        step = default;
        var count = Math.Min(bytes.Length, _chunkRest);
        if (count == 0) return 0;
        var index = _wanted.Peek().Index;
        if (_faulted.Contains(index)) _taken += count;
        else
        {
            step = new TargetStep(TargetAction.Write, index, _position, count);
            _steps++;
        }

        _chunkRest -= count;
        Advance(count);
        return count;
    }

    private bool TakeChunk()
    {
        if (!ChunkHead.TryRead(_in.Body, out var head)) return false;
        var length = _in.ChunkBytes;
        if (!IsNext(head.Entry, out var entry) || head.Offset != (ulong)_position) Misbehaved("Its chunk does not belong where the last one ended.");
        else if (entry.Kind == EntryKind.Stream && length > _options.StreamLimit - _position) Fail(TreeEndings.StreamTooLong(_options.StreamLimit));
        else if (entry.Kind == EntryKind.File && length > entry.Size - _position) Misbehaved("It wanted to send more bytes of a file than it had announced.");
        // PROTOCOL TREE-16.
        else if (_chunkBytes - _reportedTaken + length > _options.WindowBytes) Misbehaved("It sent more than there was room for.");
        else
        {
            _chunkBytes += length;
            _chunkRest = length;
            if (entry.IsDiscarded) DropUnlessLast(entry, length);
        }

        return true;
    }

    private bool TakeSame(out TargetStep step)
    {
        step = default;
        if (!SameMessage.TryRead(_in.Body, out var same)) return false;
        // PROTOCOL TREE-13.
        if (!IsNext(same.Entry, out var entry) || _position % TreeLimits.BlockBytes != 0
            || same.FirstBlock != (ulong)(_position / TreeLimits.BlockBytes) || !WasTold(entry.Index, (long)same.FirstBlock, same.Count))
        {
            Misbehaved("It took blocks for equal that it was told nothing of.");
            return true;
        }

        var end = Math.Min(entry.Size, (long)(same.FirstBlock + same.Count) * TreeLimits.BlockBytes);
        step = new TargetStep(TargetAction.Keep, entry.Index, _position, end - _position);
        Advance(step.Length);
        return true;
    }

    private bool TakeHole(out TargetStep step)
    {
        step = default;
        if (!HoleMessage.TryRead(_in.Body, out var hole)) return false;
        // PROTOCOL TREE-14.
        if (!IsNext(hole.Entry, out var entry) || entry.Kind != EntryKind.File || hole.Offset != (ulong)_position || hole.Length == 0
            || hole.Length > (ulong)(entry.Size - _position))
        {
            Misbehaved("Its hole does not fit into the file.");
            return true;
        }

        if (entry.IsDiscarded) DropUnlessLast(entry, (long)hole.Length);
        else step = new TargetStep(TargetAction.Hole, entry.Index, _position, (long)hole.Length);
        Advance((long)hole.Length);
        return true;
    }

    private bool TakeEndFile(out TargetStep step)
    {
        step = default;
        if (!EndFileMessage.TryRead(_in.Body, out var end)) return false;
        // PROTOCOL TREE-15.
        var whole = end.Status == EntryStatus.Whole;
        var digested = whole && _agreed.HasFlag(TreeFeatures.Digests);
        if (!IsNext(end.Entry, out var entry) || end.Size != (ulong)_position || (whole && entry.Kind == EntryKind.File && _position != entry.Size)
            || (end.Digest.Length > 0) != digested || (end.Status == EntryStatus.Dropped && !_faulted.Contains(entry.Index)))
        {
            Misbehaved("It ended a file where it has no end.");
        }
        else if (_endsHeard - _reportedEntries >= _options.WindowEntries) Misbehaved("It ended more files than there was room for.");
        else
        {
            // PROTOCOL TREE-21.
            if (WantsAll && end.Status == EntryStatus.Dropped) SkippedBytes += Math.Max(0, entry.Size - _position);
            if (entry.IsDiscarded) Discard(entry.Index);
            else step = new TargetStep(TargetAction.End, entry.Index, _position) { Status = end.Status, Digest = digested ? end.Digest.ToArray() : null };
            _endsHeard++;
            _wanted.Dequeue();
            _position = 0;
            ForgetTold(entry.Index);
        }

        return true;
    }

    // PROTOCOL TREE-21. Once for an entry, when something of it comes and that is not all; how long a stream is nobody knows.
    private void DropUnlessLast(in WantedEntry entry, long length)
    {
        if (_droppedLast == entry.Index || (entry.Kind != EntryKind.Stream && _position + length == entry.Size)) return;
        _droppedLast = entry.Index;
        _drops.Add(entry.Index);
    }

    private void Discard(int index)
    {
        _faulted.Remove(index);
        _discarded++;
        _discardedBytes += _position;
        SkippedBytes += _position;
    }

    private bool TakeEnd()
    {
        if (!EndMessage.TryRead(_in.Body, out var end)) return false;
        // PROTOCOL TREE-18.
        if (_planned != Offer!.Entries || _wanted.Count > 0 || end.Entries != _endsHeard || end.ChunkBytes != (ulong)_chunkBytes) Misbehaved("It ended before everything was sent.");
        else _endHeard = true;
        return true;
    }

    private bool IsNext(uint index, out WantedEntry entry) => _wanted.TryPeek(out entry) && (uint)entry.Index == index;

    private void Advance(long count)
    {
        _position += count;
        ForgetPassed();
    }

    private void ContentSettled(in TargetStep step, TargetFault? fault)
    {
        if (step.Action == TargetAction.Write) _taken += step.Length;
        if (fault is not null) Fault(step.Index, fault);
        else if (step.Action != TargetAction.End) SettledBytes += step.Length;
        if (step.Action != TargetAction.End) return;
        EndedEntries++;
        if (_faulted.Remove(step.Index) || step.Status != EntryStatus.Whole) FailedEntries++;
    }

    private void Fault(int index, TargetFault fault)
    {
        if (fault.EndsSession)
        {
            Fail(fault.Ending);
            return;
        }

        _firstFault ??= fault.Ending;
        // PROTOCOL TREE-17.
        if (_faulted.Add(index) && IsNext((uint)index, out _)) _drops.Add(index);
    }
}
