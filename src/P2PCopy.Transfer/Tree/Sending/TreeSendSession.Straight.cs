using System.Diagnostics;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree.Sending;

/// <content>
/// Long stretches of a file, which are read where they are sent from: one move of each byte less. Nothing else can be sent while such a
/// read is under way, so short ones are read ahead into slots instead.
/// </content>
internal sealed partial class TreeSendSession
{
    private SentItem? _straight;
    private int _straightLength;

    /// <summary>Bytes of a stretch that is worth it.</summary>
    public int StraightBytes { get; init; } = 4 << 20;

    /// <summary>
    /// Whether such content is what comes next: known when <see cref="TryTake"/> has given nothing. Then <see cref="TakeStraight"/> is to be called.
    /// </summary>
    public bool ReadsStraight { get; private set; }

    /// <summary>Writes the head of a chunk into the memory that is sent from, and says what to read behind it; returns the bytes of the head.</summary>
    /// <param name="room">Memory for at least the head and one byte; as much of it is used as makes sense.</param>
    /// <param name="step">What to read, answered by <see cref="StraightDone"/>.</param>
    public int TakeStraight(Span<byte> room, out SourceStep step)
    {
        Debug.Assert(ReadsStraight && room.Length > MessageHeader.Bytes + ChunkHead.Bytes, "it is asked for when it comes next, with room for it");
        var item = _items.Peek();
        ReadsStraight = false;
        _straightLength = (int)Math.Min(Math.Min(item.Length, TreeLimits.BlockBytes), room.Length - MessageHeader.Bytes - ChunkHead.Bytes);
        step = new SourceStep(SourceAction.Read, item.File.Index, item.Offset, _straightLength, -1, false);
        return WriteChunkHead(room, item, _straightLength);
    }

    /// <summary>The read is over. Returns whether head and content are to be sent; otherwise nothing of them may leave.</summary>
    public bool StraightDone(in SourceRead read)
    {
        var item = _items.Peek();
        var length = _straightLength;
        _straightLength = 0;
        Judge(item.File, read, length);
        if (item.File.Status != EntryStatus.Whole || !_voice.IsOpen) return false;
        _chunkBytes += length;
        Cover(item.File, length);
        item.Pass(length);
        if (item.Length > 0) return true;
        _items.Dequeue();
        _straight = null;
        return true;
    }

    /// <summary>Takes a stretch as a whole if it is long; nothing more is asked of the source until it is sent.</summary>
    private void GoStraight(SentFile file, long end)
    {
        // What is compared may not have to be sent, and how long a stream is nobody knows.
        if (file.Compares || file.IsStream || end - file.Asked < StraightBytes) return;
        _straight = new SentItem(file, SentItemKind.Straight, file.Asked, end - file.Asked);
        _items.Enqueue(_straight);
        file.Asked = end;
    }

    /// <summary>Whether the long stretch that was taken last is still to be sent.</summary>
    private bool IsGoingStraight => _straight is { File.Status: EntryStatus.Whole };

    private int AwaitStraight(SentItem item)
    {
        _windowIsFull = !WindowHolds(Math.Min(item.Length, TreeLimits.BlockBytes));
        ReadsStraight = !_windowIsFull;
        return 0;
    }

    private static int WriteChunkHead(Span<byte> destination, SentItem item, int length)
    {
        new MessageHeader(MessageType.Chunk, ChunkHead.Bytes + length).Write(destination);
        return MessageHeader.Bytes + new ChunkHead((uint)item.File.Index, (ulong)item.Offset).Write(destination[MessageHeader.Bytes..]);
    }
}
