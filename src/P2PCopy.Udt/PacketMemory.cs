namespace P2PCopy.Udt;

/// <summary>
/// The bytes of a ring of packet slots. The memory comes in pieces, and the one that was given back last is used again first: a
/// wide window costs memory only while it is full, although its numbers go round.
/// </summary>
internal sealed class PacketMemory
{
    private const int MostPieceSlots = 1024;

    private readonly byte[]?[] _pieces;
    private readonly Stack<byte[]> _idle = new();
    private readonly int _pieceSlots;
    private readonly int _slotBytes;

    /// <param name="slots">How many packets are held at most: a power of two.</param>
    /// <param name="slotBytes">Bytes of a packet at most.</param>
    public PacketMemory(int slots, int slotBytes)
    {
        _slotBytes = slotBytes;
        _pieceSlots = Math.Min(slots, MostPieceSlots);

        // One more than the ring needs, so that its newest packet is never in the piece of its oldest.
        _pieces = new byte[]?[(slots / _pieceSlots) + 1];
    }

    /// <summary>From a packet's slot on, all that lies in one piece.</summary>
    /// <param name="index">The packet.</param>
    public Memory<byte> From(long index)
    {
        // Made on first use: a flood of handshakes makes connections without buffers.
        var piece = PieceOf(index) ??= _idle.TryPop(out var idle) ? idle : GC.AllocateUninitializedArray<byte>(_pieceSlots * _slotBytes, pinned: true);
        return piece.AsMemory((int)(index % _pieceSlots) * _slotBytes);
    }

    /// <summary>The oldest packet that is held has become another one.</summary>
    public void MoveHead(long from, long to)
    {
        for (var piece = from / _pieceSlots; piece < to / _pieceSlots; piece++)
        {
            ref var memory = ref PieceOf(piece * _pieceSlots);
            if (memory is not null) _idle.Push(memory);
            memory = null;
        }
    }

    private ref byte[]? PieceOf(long index) => ref _pieces[(int)(index / _pieceSlots % _pieces.Length)];
}
