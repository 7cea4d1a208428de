namespace P2PCopy.Udt.Wire;

/// <summary>
/// The second word of a data packet: where in its message the packet stands, and the message's number. In a stream each send call
/// is one message and the reader ignores these bits, but they must continue from packet to packet.
/// </summary>
/// <param name="Bits">Bit 31 first of its message, bit 30 last, bit 29 in order, bits 28–0 the number.</param>
internal readonly record struct MessageWord(uint Bits)
{
    /// <summary>The largest message number; 1 follows.</summary>
    public const uint MaxNumber = 0x1fff_ffff;

    private const uint FirstBit = 0x8000_0000;
    private const uint LastBit = 0x4000_0000;

    public MessageWord(uint number, bool first, bool last)
        : this((number & MaxNumber) | (first ? FirstBit : 0) | (last ? LastBit : 0))
    {
    }

    public bool IsFirst => (Bits & FirstBit) != 0;

    public bool IsLast => (Bits & LastBit) != 0;

    public uint Number => Bits & MaxNumber;

    /// <summary>The number of the next message.</summary>
    public static uint NextNumber(uint number) => number >= MaxNumber ? 1 : number + 1;

    /// <summary>
    /// Whether a packet with this word may stand directly behind one with <paramref name="previous"/>: within a message the number
    /// stays and the packet is no first one; behind a last packet comes the first of the next number.
    /// </summary>
    public bool Continues(MessageWord previous)
    {
        if (!previous.IsLast) return !IsFirst && Number == previous.Number;
        if (!IsFirst) return false;

        // Implementations go back to 0 or 1 one or two numbers before the field is full.
        return Number == previous.Number + 1 || (previous.Number >= MaxNumber - 1 && Number <= 1);
    }
}
