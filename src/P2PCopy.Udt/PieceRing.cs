using System.Numerics;

namespace P2PCopy.Udt;

/// <summary>
/// Memory for the packets of a window, by their numbers. It comes in pieces, made when the first packet needs one, and the piece that was
/// given back last is used again first: a wide window costs memory only as far as it was ever full at once, although its numbers go
/// round. Nothing is given back to the system, so that what was once afforded stays the most there is.
/// </summary>
/// <typeparam name="T">What a packet has so many of: bytes, or one record.</typeparam>
internal sealed class PieceRing<T>
    where T : unmanaged
{
    /// <summary>Packets of a piece at most.</summary>
    public const int MostPieceSlots = 1024;

    private readonly T[]?[] _pieces;
    private readonly Stack<T[]> _idle;
    private readonly Func<int, T[]?>? _made;
    private readonly int _slotElements;
    private readonly int _pieceShift;
    private readonly int _slotMask;
    private readonly int _pieceMask;

    /// <param name="slots">How many packets lie between the oldest and the newest at most.</param>
    /// <param name="slotElements">Elements of a packet.</param>
    /// <param name="made">Gives a piece of at least so many elements that was made before, if there is one.</param>
    public PieceRing(int slots, int slotElements, Func<int, T[]?>? made = null)
    {
        _made = made;
        _slotElements = slotElements;
        var pieceSlots = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)slots), MostPieceSlots);
        _pieceShift = BitOperations.Log2((uint)pieceSlots);
        _slotMask = pieceSlots - 1;

        // One more than the ring needs, so that its newest packet is never in the piece of its oldest.
        MostPieces = ((slots + _slotMask) >> _pieceShift) + 1;
        _pieces = new T[]?[BitOperations.RoundUpToPowerOf2((uint)MostPieces)];
        _pieceMask = _pieces.Length - 1;
        _idle = new Stack<T[]>(MostPieces);
    }

    /// <summary>Pieces that there are at most.</summary>
    public int MostPieces { get; }

    /// <summary>Pieces made so far.</summary>
    public int PiecesMade { get; private set; }

    /// <summary>Pieces that hold packets now.</summary>
    public int PiecesInUse => PiecesMade - _idle.Count;

    /// <summary>The packet's place in the ring: a name for it while it is held.</summary>
    public int PositionOf(long index) => (int)index & ((_pieces.Length << _pieceShift) - 1);

    /// <summary>The first element of a packet.</summary>
    public ref T At(long index) => ref PieceOf(index)[((int)index & _slotMask) * _slotElements];

    /// <summary>A packet's elements.</summary>
    public Span<T> Of(long index) => PieceOf(index).AsSpan(((int)index & _slotMask) * _slotElements, _slotElements);

    /// <summary>From a packet's slot on, all that lies in one piece.</summary>
    public Memory<T> From(long index)
    {
        var slot = (int)index & _slotMask;
        return PieceOf(index).AsMemory(slot * _slotElements, (_slotMask + 1 - slot) * _slotElements);
    }

    /// <summary>The oldest packet that is held has become another one.</summary>
    public void MoveHead(long from, long to)
    {
        for (var piece = from >> _pieceShift; piece < to >> _pieceShift; piece++)
        {
            ref var memory = ref _pieces[(int)piece & _pieceMask];
            if (memory is not null) _idle.Push(memory);
            memory = null;
        }
    }

    private T[] PieceOf(long index)
    {
        ref var piece = ref _pieces[(int)(index >> _pieceShift) & _pieceMask];
        return piece ??= Take();
    }

    private T[] Take()
    {
        // Made on first use: a flood of handshakes makes connections without buffers.
        if (_idle.TryPop(out var idle)) return idle;
        PiecesMade++;
        var elements = (_slotMask + 1) * _slotElements;
        return _made?.Invoke(elements) ?? GC.AllocateUninitializedArray<T>(elements, pinned: true);
    }
}
