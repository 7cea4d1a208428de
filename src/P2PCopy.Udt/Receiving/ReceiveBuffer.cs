using System.Diagnostics;
using System.Numerics;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// What has arrived and not been read: a ring of packet slots. A packet is put at its number's place once, and the reader is lent
/// the longest run that lies in one piece.
/// </summary>
internal sealed class ReceiveBuffer
{
    private readonly PieceRing<byte> _memory;
    private readonly ushort[] _lengths;
    private readonly MessageWord[] _messages;
    private readonly int _slotBytes;
    private readonly int _mask;
    private int _readOffset;

    public ReceiveBuffer(int packets, int slotBytes)
    {
        Capacity = UdtOptions.WindowOf(packets);
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)Capacity);
        _mask = slots - 1;
        _slotBytes = slotBytes;
        _lengths = new ushort[slots];
        _messages = new MessageWord[slots];
        _memory = new PieceRing<byte>(Capacity, slotBytes);
    }

    /// <summary>Packets it can hold.</summary>
    public int Capacity { get; }

    /// <summary>The packet that the reader stands in.</summary>
    public long ReadIndex { get; private set; }

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
        Debug.Assert(index >= ReadableEnd && index < ReadIndex + Capacity, "the packet is within the window");
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

    /// <summary>Frees what the reader is done with.</summary>
    public void Advance(int count)
    {
        while (count > 0)
        {
            Debug.Assert(IsReadable, "only what was lent can be freed");
            var left = _lengths[(int)(ReadIndex & _mask)] - _readOffset;
            if (count < left)
            {
                _readOffset += count;
                return;
            }

            count -= left;
            _readOffset = 0;
            _memory.MoveHead(ReadIndex, ++ReadIndex);
        }
    }
}
