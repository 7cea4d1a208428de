using System.Diagnostics;
using System.Numerics;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// What has arrived and is not given back: a ring of packet slots. A packet is put at its number's place once, and the reader is lent
/// the longest run that lies in one piece; it may take one run after the other and give them back later, in their order.
/// </summary>
internal sealed class ReceiveBuffer
{
    private readonly PieceRing<byte> _memory;
    private readonly ushort[] _lengths;
    private readonly MessageWord[] _messages;
    private readonly int _slotBytes;
    private readonly int _mask;
    private int _readOffset;
    private int _heldOffset;

    public ReceiveBuffer(int packets, int slotBytes, PacketMemory? made = null)
    {
        Capacity = UdtOptions.WindowOf(packets);
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)Capacity);
        _mask = slots - 1;
        _slotBytes = slotBytes;
        _lengths = new ushort[slots];
        _messages = new MessageWord[slots];
        _memory = new PieceRing<byte>(Capacity, slotBytes, made is null ? null : made.TryTake);
    }

    /// <summary>Packets it can hold.</summary>
    public int Capacity { get; }

    /// <summary>The packet that the reader stands in.</summary>
    public long ReadIndex { get; private set; }

    /// <summary>The oldest packet that the reader has not given back: the window begins with it.</summary>
    public long HeldIndex { get; private set; }

    /// <summary>Behind the newest packet that may be read.</summary>
    public long ReadableEnd { get; private set; }

    /// <summary>Where the bytes are, for those who count them.</summary>
    internal PieceRing<byte> Memory => _memory;

    /// <summary>Whether there is something to read.</summary>
    public bool IsReadable => ReadIndex < ReadableEnd;

    /// <summary>Packets that wait to be read.</summary>
    public long ReadablePackets => ReadableEnd - ReadIndex;

    /// <summary>Whether a packet of this many bytes fits a slot.</summary>
    public bool Fits(int payloadBytes) => payloadBytes > 0 && payloadBytes <= _slotBytes;

    /// <summary>Puts a packet at its place.</summary>
    public void Store(long index, MessageWord message, ReadOnlySpan<byte> payload)
    {
        Debug.Assert(index >= ReadableEnd && index < HeldIndex + Capacity, "the packet is within the window");
        var slot = (int)(index & _mask);
        payload.CopyTo(_memory.Of(index));
        _lengths[slot] = (ushort)payload.Length;
        _messages[slot] = message;
    }

    /// <summary>The message word of a stored packet.</summary>
    public MessageWord MessageOf(long index) => _messages[(int)(index & _mask)];

    /// <summary>Lets the reader have the next packet; returns its bytes.</summary>
    public int Publish() => _lengths[(int)(ReadableEnd++ & _mask)];

    /// <summary>The readable bytes that lie in one piece, at most <paramref name="most"/> packets.</summary>
    public ReadOnlyMemory<byte> Lend(int most = int.MaxValue)
    {
        if (!IsReadable) return default;
        var slot = (int)(ReadIndex & _mask);
        var memory = _memory.From(ReadIndex);
        var packets = Math.Min(Math.Min(ReadableEnd - ReadIndex, memory.Length / _slotBytes), most);
        var length = (int)_lengths[slot];
        for (var i = 1; i < packets && _lengths[slot + i - 1] == _slotBytes; i++) length += _lengths[slot + i];
        return memory[_readOffset..length];
    }

    /// <summary>The reader takes the first <paramref name="count"/> bytes of what was lent and keeps them until it gives them back.</summary>
    public void Take(int count) => (ReadIndex, _readOffset) = Step(ReadIndex, _readOffset, count, ReadableEnd);

    /// <summary>Frees the oldest <paramref name="count"/> bytes of what the reader has taken.</summary>
    public void Release(int count)
    {
        var (index, offset) = Step(HeldIndex, _heldOffset, count, ReadIndex + 1);
        Debug.Assert(index < ReadIndex || (index == ReadIndex && offset <= _readOffset), "only what was taken can be given back");
        _memory.MoveHead(HeldIndex, index);
        (HeldIndex, _heldOffset) = (index, offset);
    }

    /// <summary>Where one stands who goes on by so many bytes.</summary>
    private (long Index, int Offset) Step(long index, int offset, int count, long end)
    {
        while (count > 0)
        {
            Debug.Assert(index < end, "only what was lent can be taken");
            var left = _lengths[(int)(index & _mask)] - offset;
            if (count < left) return (index, offset + count);
            count -= left;
            (index, offset) = (index + 1, 0);
        }

        return (index, offset);
    }
}
