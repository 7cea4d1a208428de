using System.Diagnostics;
using P2PCopy.Transfer.Messages;

namespace P2PCopy.Transfer.Receiving;

/// <summary>
/// The receiver of one file as a machine: it says what to read from the network, what to ask the user, when to confirm and
/// when to finish the file, and is told what happened. It takes exactly the announced number of bytes.
/// </summary>
/// <remarks>
/// Data may be read into memory while the user thinks; nothing is written before <see cref="Accept"/>. Each block is confirmed
/// after it was written, but the last one only after <see cref="Committed"/>: when the sender says "done", the file is
/// synced and under its final name.
/// </remarks>
internal sealed class ReceiveSession(NameRules rules, long? maxSize = null)
{
    private readonly HeaderParser _headerParser = new();
    private BlockLengthParser _lengthParser;
    private int _blockRest;
    private long _received;
    private long _written;
    private long _blocksWritten;
    private long _confirmed;
    private bool _accepted;
    private bool _committed;
    private bool _peerClosed;
    private Ending? _failure;
    private bool _failureSent;

    /// <summary>The checked name, once the header is whole and no rule refuses it.</summary>
    public SafeName? Name { get; private set; }

    /// <summary>The announced size in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>Why and how it is over, or null while something is left to do.</summary>
    public Ending? Ending { get; private set; }

    public long WrittenBytes => _written;

    /// <summary>Whether the last announced byte has arrived, so that the peer is not needed to finish the file.</summary>
    public bool HasEverything => Name is not null && _received == Size;

    /// <summary>Whether the offer waits for <see cref="Accept"/> or <see cref="Fail"/>.</summary>
    public bool NeedsDecision => IsOpen && Name is not null && !_accepted;

    /// <summary>Whether the file is whole in its part and may get its final name; then comes <see cref="Committed"/>.</summary>
    public bool MayCommit => IsOpen && _accepted && !_committed && _written == Size;

    /// <summary>How many bytes of the framing are wanted next; 0 when it is data's turn, or nobody's.</summary>
    public int WantedField => !Reads ? 0
        : Name is null ? _headerParser.Wanted
        : _blockRest == 0 ? _lengthParser.Wanted : 0;

    /// <summary>How many bytes of the current block are missing; 0 when it is the framing's turn, or nobody's.</summary>
    public int WantedData => Reads && Name is not null ? _blockRest : 0;

    private bool IsOpen => Ending is null && _failure is null;

    private bool Reads => IsOpen && !_peerClosed && (Name is null || _received < Size);

    /// <summary>At most <see cref="WantedField"/> bytes of the framing arrived.</summary>
    public void FieldArrived(ReadOnlySpan<byte> bytes)
    {
        if (Name is not null)
        {
            _lengthParser.Push(bytes);
            if (_lengthParser.Wanted == 0) BeginBlock();
            return;
        }

        _headerParser.Push(bytes);
        if (_headerParser.Fault != FramingFault.None) End(_headerParser.Fault.ToEnding());
        else if (_headerParser.Header is { } header) Consider(header);
    }

    /// <summary>At most <see cref="WantedData"/> bytes of data arrived: where they belong.</summary>
    public FilePiece DataArrived(int count)
    {
        Debug.Assert(count > 0 && count <= _blockRest, "data stays inside its block");
        var piece = new FilePiece(_received, count, count == _blockRest);
        _received += count;
        _blockRest -= count;
        return piece;
    }

    /// <summary>The user and the disk take the file.</summary>
    public void Accept() => _accepted = true;

    /// <summary>A piece is on its way to the disk for good. Pieces are written in order.</summary>
    public void PieceWritten(FilePiece piece)
    {
        Debug.Assert(_accepted && piece.Offset == _written, "pieces are written in order, and only when the offer was accepted");
        _written += piece.Length;
        if (piece.EndsBlock) _blocksWritten++;
    }

    /// <summary>The file is synced and under its final name.</summary>
    public void Committed()
    {
        _committed = true;
        EndWhenDone();
    }

    /// <summary>How many bytes of <paramref name="destination"/> are to be sent now; then comes <see cref="AnswersSent"/>.</summary>
    public int TakeAnswers(Span<byte> destination)
    {
        if (Ending is not null) return 0;
        if (_failure is not null)
        {
            if (_failureSent) return 0;
            _failureSent = true;
            destination[0] = Confirmation.Failed;
            return 1;
        }

        // PROTOCOL COPY-4. The last block is confirmed when the file is whole for good, not merely when its bytes are written.
        var due = _blocksWritten - _confirmed - (_written == Size && !_committed ? 1 : 0);
        var count = (int)Math.Clamp(due, 0, destination.Length);
        destination[..count].Fill(Confirmation.Written);
        _confirmed += count;
        return count;
    }

    /// <summary>What <see cref="TakeAnswers"/> gave is out.</summary>
    public void AnswersSent()
    {
        if (_failure is not null && _failureSent) End(_failure);
        EndWhenDone();
    }

    /// <summary>The sender closed the connection in good order. A file that is whole by then is still finished.</summary>
    public void PeerClosed()
    {
        _peerClosed = true;
        if (Name is null) End(PeerEndings.SaidNothing);
        else if (_received < Size) End(PeerEndings.SenderClosed(_received, Size));
        else if (_failure is not null) End(_failure);
        else EndWhenDone();
    }

    /// <summary>This side does not want the file or cannot take it; the peer is told with one byte before the session ends.</summary>
    public void Fail(Ending ending)
    {
        if (!IsOpen) return;
        if (_peerClosed) End(ending);
        else _failure = ending;
    }

    /// <summary>Something ends the session without a word to the peer; a reason that was there before stays.</summary>
    public void End(Ending ending) => Ending ??= _failure ?? ending;

    private void Consider(FileHeader header)
    {
        Size = header.Size;
        // PROTOCOL COPY-1.
        if (!SafeName.TryCreate(header.Name, rules, out var name, out var refusal))
        {
            _failure = RefusalEndings.UnsafeName(refusal);
            return;
        }

        Name = name;
        if (maxSize is { } limit && header.Size > limit) _failure = RefusalEndings.TooLarge(header.Size, limit);
    }

    private void BeginBlock()
    {
        var fault = _lengthParser.Check(Size - _received, out _blockRest);
        _lengthParser = default;
        if (fault == FramingFault.None) return;
        _blockRest = 0;
        End(fault.ToEnding());
    }

    private void EndWhenDone()
    {
        if (_committed && (_peerClosed || _confirmed == _blocksWritten)) End(Transfer.Ending.Done);
    }
}
