using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree.Sending;

/// <content>What goes out: the manifest in pages, then the contents in the order of the manifest.</content>
internal sealed partial class TreeSendSession
{
    private readonly byte[] _page = new byte[TreeLimits.MessageBytes];
    private ManifestOrder _order;
    private bool _offerTaken;
    private bool _manifestTaken;
    private int _pageFilled;
    private long _chunkBytes;
    private long _covered;
    private int _ended;
    private bool _endTaken;
    private bool _windowIsFull;
    private int _sendingSlot = -1;

    private bool PageHasRoom => _page.Length - _pageFilled >= EntryRecord.MostBytes;

    /// <summary>
    /// Writes the next message, or for a chunk what stands before its bytes; false when there is nothing to send now. The destination
    /// has room for any message without the bytes of chunks. When all of it is out comes <see cref="Sent"/>.
    /// </summary>
    public bool TryTake(Span<byte> destination, out OutgoingFrame frame)
    {
        var slot = -1;
        var payload = 0;
        frame = default;
        ReadsStraight = false;
        if (_straightLength > 0) return false;
        var length = _voice.Take(destination);
        if (length == 0 && _voice.IsOpen)
        {
            // PROTOCOL TREE-3: the peer's greeting need not be waited for.
            length = !_offerTaken ? TakeOffer(destination)
                : !_flows ? TakePage(destination)
                : TakeContent(destination, out slot, out payload);
        }

        frame = new OutgoingFrame(length, slot, payload);
        return length > 0;
    }

    /// <summary>What <see cref="TryTake"/> gave is out, with the bytes of its slot.</summary>
    public void Sent()
    {
        if (_sendingSlot >= 0) Free(_sendingSlot);
        _sendingSlot = -1;
        _voice.Sent();
    }

    private int TakeOffer(Span<byte> destination)
    {
        _offerTaken = true;
        var names = _summary.TopNames.Take(TreeLimits.TopNames);
        return MessageHeader.WriteMessage(destination, MessageType.Offer, new OfferMessage
        {
            Entries = (uint)_summary.Entries,
            Files = (uint)_summary.Files,
            TotalBytes = (ulong)_summary.TotalBytes,
            NameCount = (byte)names.Count(),
            Names = OfferMessage.PackNames(names),
        });
    }

    private void AddToPage(TreeEntry entry)
    {
        if (!ManifestEntry.TryWrite(entry, _page.AsSpan(_pageFilled), out var written)) _voice.Fail(TreeEndings.SourceEntryUnfit(entry.Name));
        else if (!_order.TryTake(_summary, entry.Depth, entry.Kind, entry.Size)) _voice.Fail(TreeEndings.SourceListChanged);
        else
        {
            _pageFilled += written;
            if (++_listed == _summary.Entries && !_order.Fulfils(_summary)) _voice.Fail(TreeEndings.SourceListChanged);
        }
    }

    private int TakePage(Span<byte> destination)
    {
        if (_pageFilled == 0 || (PageHasRoom && _listed < _summary.Entries)) return 0;
        _page.AsSpan(0, _pageFilled).CopyTo(destination[MessageHeader.Bytes..]);
        var length = new MessageHeader(MessageType.Entries, _pageFilled).Write(destination) + _pageFilled;
        _pageFilled = 0;
        _manifestTaken = _listed == _summary.Entries;
        if (_manifestTaken && _greeted) FlowUnasked();
        return length;
    }

    private int TakeContent(Span<byte> destination, out int slot, out int payload)
    {
        (slot, payload) = (-1, 0);
        _windowIsFull = false;
        while (_items.TryPeek(out var item) && item.Ready)
        {
            if (item.Kind == SentItemKind.Close) return TakeEndOfFile(destination, item);
            if (item.File.Status != EntryStatus.Whole || item.Length == 0)
            {
                _items.Dequeue();
                if (item.Slot >= 0) Free(item.Slot);
            }
            else if (item.Kind == SentItemKind.Straight) return AwaitStraight(item);
            else if (item.Kind == SentItemKind.Hole) return TakeHole(destination, item);
            else if (item.Same) return TakeSame(destination, item);
            else return TakeChunk(destination, item, out slot, out payload);
        }

        if (_endTaken || _items.Count > 0 || _file is not null || _listed < _summary.Entries) return 0;
        _endTaken = true;
        return MessageHeader.WriteMessage(destination, MessageType.End, new EndMessage((uint)_ended, (ulong)_chunkBytes));
    }

    private int TakeChunk(Span<byte> destination, SentItem item, out int slot, out int payload)
    {
        (slot, payload) = (-1, 0);
        if (!WindowHolds(item.Length))
        {
            _windowIsFull = true;
            return 0;
        }

        _items.Dequeue();
        (slot, payload) = (item.Slot, (int)item.Length);
        _sendingSlot = slot;
        _chunkBytes += payload;
        Cover(item.File, payload);
        return WriteChunkHead(destination, item, payload);
    }

    // PROTOCOL TREE-16.
    private bool WindowHolds(long chunkBytes) => _chunkBytes - _taken + chunkBytes <= _windowBytes;

    private int TakeSame(Span<byte> destination, SentItem first)
    {
        var count = 0;
        while (_items.TryPeek(out var item) && item.File == first.File && item.Ready && item.Same)
        {
            _items.Dequeue();
            Free(item.Slot);
            Cover(item.File, item.Length);
            count++;
        }

        return MessageHeader.WriteMessage(
            destination, MessageType.Same, new SameMessage((uint)first.File.Index, (ulong)(first.Offset / TreeLimits.BlockBytes), (ulong)count));
    }

    private int TakeHole(Span<byte> destination, SentItem item)
    {
        _items.Dequeue();
        Cover(item.File, item.Length);
        return MessageHeader.WriteMessage(destination, MessageType.Hole, new HoleMessage((uint)item.File.Index, (ulong)item.Offset, (ulong)item.Length));
    }

    private int TakeEndOfFile(Span<byte> destination, SentItem item)
    {
        if (_ended - EndedEntries >= _windowEntries)
        {
            _windowIsFull = true;
            return 0;
        }

        _items.Dequeue();
        _ended++;
        var file = item.File;
        if (file.Status != EntryStatus.Whole)
        {
            // PROTOCOL TREE-21. Who wants all drops what its rules keep out, too, and tells at the end how many were which.
            if (file.Status == EntryStatus.Dropped && _agreed.HasFlag(TreeFeatures.WantsAll)) SkippedBytes += Math.Max(0, file.Size - file.Sent);
            else FailedEntries++;
            if (file.Status != EntryStatus.Dropped)
            {
                _firstFault ??= TreeEndings.SourceFailed(file.Status, file.Name);
                AddNote(file.Index, TreeEndings.ReasonOf(file.Status));
            }
        }

        return MessageHeader.WriteMessage(destination, MessageType.EndFile, new EndFileMessage
        {
            Entry = (uint)file.Index,
            Status = file.Status,
            Size = (ulong)file.Sent,
            Digest = file.Status == EntryStatus.Whole ? item.Digest : default,
        });
    }

    private void Cover(SentFile file, long count)
    {
        file.Sent += count;
        _covered += count;
    }

    private void Free(int slot)
    {
        _bySlot[slot] = null;
        (slot < BlockSlots ? _freeBlockSlots : _freeSlots).Push(slot);
    }
}
