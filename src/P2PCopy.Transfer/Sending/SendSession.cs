using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using P2PCopy.Transfer.Messages;

namespace P2PCopy.Transfer.Sending;

/// <summary>
/// The sender of one file as a machine: it says which block to read from the disk and which to send next, and is told what
/// came back. Blocks go out ahead of their confirmations up to a window, so the rate does not hang on the round trip; a
/// receiver that knows only one block at a time reads on just the same and confirms each.
/// </summary>
/// <remarks>
/// Blocks are read and sent in order. A block counts as sent when its sending begins: its confirmation may overtake the news
/// that it is out.
/// </remarks>
internal sealed class SendSession
{
    /// <summary>Every receiver of this protocol takes it, and one confirmation in a megabyte costs nothing.</summary>
    public const int DefaultBlockBytes = 1 << 20;

    /// <summary>More than a gigabit carries in a round trip of 100 ms, little enough for any memory.</summary>
    public const int DefaultWindowBytes = 16 << 20;

    private readonly int _blockBytes;
    private readonly long _windowBlocks;
    private readonly long _blocks;
    private long _asked;
    private long _read;
    private long _sent;
    private long _confirmed;
    private bool _headerSent;

    public SendSession(FileHeader header, int blockBytes = DefaultBlockBytes, int windowBytes = DefaultWindowBytes)
    {
        Debug.Assert(blockBytes is > 0 and <= FramingLimits.BlockBytes, "a longer block is refused by every receiver");
        Header = header;
        _blockBytes = blockBytes;
        _windowBlocks = Math.Max(1, windowBytes / blockBytes);
        _blocks = (header.Size / blockBytes) + (header.Size % blockBytes == 0 ? 0 : 1);
    }

    public FileHeader Header { get; }

    /// <summary>Why and how it is over, or null while it is not.</summary>
    public Ending? Ending { get; private set; }

    /// <summary>Bytes that the receiver confirmed as written.</summary>
    public long ConfirmedBytes => Math.Min(Header.Size, _confirmed * _blockBytes);

    /// <summary>Whether the peer owes us anything, so that its silence means something.</summary>
    public bool AwaitsPeer => _headerSent && (_sent > _confirmed || _blocks == 0);

    /// <summary>Whether name and size are to be sent now; then comes <see cref="HeaderSent"/>.</summary>
    public bool WantsHeader => Ending is null && !_headerSent;

    public void HeaderSent() => _headerSent = true;

    /// <summary>The next block to read, if there is one and fewer than <paramref name="buffers"/> are between disk and network.</summary>
    public bool TryRead(int buffers, out FileBlock block)
    {
        block = default;
        if (Ending is not null || _asked == _blocks || _asked - _sent >= buffers) return false;
        block = Block(_asked++);
        return true;
    }

    /// <summary>The oldest block that was asked for is in memory, or what there was of it.</summary>
    public void BlockRead(int bytes)
    {
        Debug.Assert(_read < _asked, "a block is read once");
        var block = Block(_read++);
        // Never padded: a file that became shorter is not the file that was announced.
        if (bytes < block.Length) End(SourceEndings.Shrank(block.Offset + bytes, Header.Size));
    }

    /// <summary>The next block to send, if it is in memory and the window has room for it.</summary>
    public bool TrySend(out FileBlock block)
    {
        block = default;
        // PROTOCOL COPY-5.
        if (Ending is not null || !_headerSent || _sent == _read || _sent - _confirmed >= _windowBlocks) return false;
        block = Block(_sent++);
        return true;
    }

    /// <summary>Bytes came from the receiver: one for each block.</summary>
    public void Answered(ReadOnlySpan<byte> answers)
    {
        foreach (var answer in answers)
        {
            if (Ending is not null) return;
            switch (answer)
            {
                case Confirmation.Written when _confirmed < _sent:
                    _confirmed++;
                    if (_confirmed == _blocks) End(Transfer.Ending.Done);
                    break;
                case Confirmation.Written:
                    End(FramingFault.SurplusConfirmation.ToEnding());
                    break;
                case Confirmation.Failed:
                    End(_confirmed == 0 ? PeerEndings.DidNotTake : PeerEndings.CouldNotWrite(ConfirmedBytes, Header.Size));
                    break;
                default:
                    End(FramingFault.UnknownConfirmation.ToEnding());
                    break;
            }
        }
    }

    /// <summary>The receiver closed the connection in good order.</summary>
    public void PeerClosed()
    {
        // PROTOCOL COPY-7. An empty file has no block to confirm: the receiver's closing is the only answer there is.
        if (_blocks == 0 && _headerSent) End(Transfer.Ending.Done);
        else End(PeerEndings.ReceiverClosed(ConfirmedBytes, Header.Size));
    }

    /// <summary>Something outside ends the session; the first reason stays.</summary>
    [MemberNotNull(nameof(Ending))]
    public void End(Ending ending) => Ending ??= ending;

    private FileBlock Block(long index)
    {
        var offset = index * _blockBytes;
        return new FileBlock(offset, (int)Math.Min(_blockBytes, Header.Size - offset));
    }
}
