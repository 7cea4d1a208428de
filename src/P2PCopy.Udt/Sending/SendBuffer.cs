using System.Diagnostics;
using System.Numerics;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// What the application wrote and the peer has not acknowledged: a ring of packet slots. The application fills free slots in place;
/// packets leave from where they stand and are resent from there. It takes memory for what is under way and little more.
/// </summary>
internal sealed class SendBuffer
{
    /// <summary>
    /// Packets that may wait for their first sending. A writer who is woken late does not hold the path up (10 ms at 10 Gbit/s), and
    /// a path that carries little does not fill the whole window with what is not under way.
    /// </summary>
    public const int MostUnsent = 8192;

    private const int GoodPiecePackets = 1024;

    private readonly PieceRing<byte> _memory;
    private readonly ushort[] _lengths;
    private readonly MessageWord[] _messages;
    private readonly int _mask;
    private uint _nextMessage = 1;

    public SendBuffer(int packets, int payloadBytes, PacketMemory? made = null)
    {
        PayloadBytes = payloadBytes;
        Capacity = UdtOptions.WindowOf(packets);
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)Capacity);
        _mask = slots - 1;
        _lengths = new ushort[slots];
        _messages = new MessageWord[slots];
        _memory = new PieceRing<byte>(Capacity, payloadBytes, made is null ? null : made.TryTake);
    }

    /// <summary>Bytes of data in a full packet.</summary>
    public int PayloadBytes { get; }

    /// <summary>Packets it can hold.</summary>
    public int Capacity { get; }

    /// <summary>The oldest packet that is not acknowledged.</summary>
    public long Head { get; private set; }

    /// <summary>The first packet that has never been sent.</summary>
    public long NextNew { get; private set; }

    /// <summary>Behind the newest packet that was written.</summary>
    public long Tail { get; private set; }

    /// <summary>
    /// Whether a waiting writer should be woken: for a good piece of room, not for each acknowledged packet, which would cost more
    /// than sending it.
    /// </summary>
    public bool IsWorthWriting => Free >= Math.Clamp(Capacity / 4, 1, GoodPiecePackets);

    /// <summary>Bytes written since the beginning.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Bytes released by acknowledgements.</summary>
    public long BytesAcknowledged { get; private set; }

    /// <summary>Where the bytes are, for those who count them.</summary>
    internal PieceRing<byte> Memory => _memory;

    private long Free => Math.Min(Capacity - (Tail - Head), MostUnsent - (Tail - NextNew));

    /// <summary>Free memory in one piece, to be filled from its start; empty when the buffer is full.</summary>
    public Memory<byte> Lend()
    {
        var free = Free;
        if (free <= 0) return default;
        var room = _memory.From(Tail);
        return free * PayloadBytes < room.Length ? room[..(int)(free * PayloadBytes)] : room;
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

    /// <summary>The next new packet leaves.</summary>
    public long TakeNew()
    {
        Debug.Assert(NextNew < Tail, "only what was written can be sent");
        return NextNew++;
    }

    /// <summary>The contents of a packet that is still held.</summary>
    public ReadOnlySpan<byte> Read(long index, out MessageWord message)
    {
        Debug.Assert(index >= Head && index < Tail, "the packet is not held");
        var slot = (int)(index & _mask);
        message = _messages[slot];
        return _memory.Of(index)[.._lengths[slot]];
    }

    /// <summary>Frees all packets before <paramref name="index"/>, which have been sent.</summary>
    public void ReleaseBefore(long index)
    {
        Debug.Assert(index <= NextNew, "only what was sent can be released");
        _memory.MoveHead(Head, Math.Max(index, Head));
        for (; Head < index; Head++) BytesAcknowledged += _lengths[(int)(Head & _mask)];
    }
}
