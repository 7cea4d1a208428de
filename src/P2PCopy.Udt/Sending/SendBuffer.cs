using System.Diagnostics;
using System.Numerics;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// What the application wrote and the peer has not acknowledged: a ring of packet slots in one slab. The application fills free
/// slots in place; packets leave from where they stand and are resent from there.
/// </summary>
internal sealed class SendBuffer
{
    private const int GoodPiecePackets = 1024;

    private byte[]? _slab;
    private readonly ushort[] _lengths;
    private readonly MessageWord[] _messages;
    private readonly int _mask;
    private uint _nextMessage = 1;

    public SendBuffer(int packets, int payloadBytes)
    {
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)packets);
        _mask = slots - 1;
        PayloadBytes = payloadBytes;
        _lengths = new ushort[slots];
        _messages = new MessageWord[slots];
    }

    /// <summary>Bytes of data in a full packet.</summary>
    public int PayloadBytes { get; }

    /// <summary>Packets it can hold.</summary>
    public int Capacity => _mask + 1;

    /// <summary>The oldest packet that is not acknowledged.</summary>
    public long Head { get; private set; }

    /// <summary>Behind the newest packet that was written.</summary>
    public long Tail { get; private set; }

    /// <summary>
    /// Whether a waiting writer should be woken: for a good piece of room, not for each acknowledged packet, which would cost more
    /// than sending it.
    /// </summary>
    public bool IsWorthWriting => Capacity - (Tail - Head) >= Math.Clamp(Capacity / 4, 1, GoodPiecePackets);

    /// <summary>Bytes written since the beginning.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Bytes released by acknowledgements.</summary>
    public long BytesAcknowledged { get; private set; }

    /// <summary>Free memory in one piece, to be filled from its start; empty when the buffer is full.</summary>
    public Memory<byte> Lend()
    {
        var slot = (int)(Tail & _mask);
        var free = Math.Min(Capacity - (int)(Tail - Head), Capacity - slot);
        // Made on first use: a connection that never sends costs next to nothing.
        _slab ??= GC.AllocateUninitializedArray<byte>(Capacity * PayloadBytes, pinned: true);
        return _slab.AsMemory(slot * PayloadBytes, free * PayloadBytes);
    }

    /// <summary>Turns the first <paramref name="count"/> bytes of what was lent into packets: one message of the stream.</summary>
    public void Commit(int count)
    {
        Debug.Assert(count > 0 && count <= Lend().Length, "only what was lent can be committed");
        BytesWritten += count;
        // PROTOCOL UDT-10.
        for (var first = true; count > 0; first = false)
        {
            var slot = (int)(Tail & _mask);
            var length = Math.Min(count, PayloadBytes);
            count -= length;
            _lengths[slot] = (ushort)length;
            _messages[slot] = new MessageWord(_nextMessage, first, last: count == 0);
            Tail++;
        }

        _nextMessage = MessageWord.NextNumber(_nextMessage);
    }

    /// <summary>The contents of a packet that is still held.</summary>
    public ReadOnlySpan<byte> Read(long index, out MessageWord message)
    {
        Debug.Assert(index >= Head && index < Tail, "the packet is not held");
        var slot = (int)(index & _mask);
        message = _messages[slot];
        return _slab.AsSpan(slot * PayloadBytes, _lengths[slot]);
    }

    /// <summary>Frees all packets before <paramref name="index"/>.</summary>
    public void ReleaseBefore(long index)
    {
        Debug.Assert(index <= Tail, "only what was written can be released");
        for (; Head < index; Head++) BytesAcknowledged += _lengths[(int)(Head & _mask)];
    }
}
