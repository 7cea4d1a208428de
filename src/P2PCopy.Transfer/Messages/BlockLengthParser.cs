using System.Buffers.Binary;

namespace P2PCopy.Transfer.Messages;

/// <summary>Reads the little-endian length in front of each block and holds it against the limits.</summary>
internal struct BlockLengthParser
{
    public const int FieldBytes = 4;

    private uint _value;
    private int _filled;

    /// <summary>How many bytes of the length are missing.</summary>
    public readonly int Wanted => FieldBytes - _filled;

    /// <summary>Takes at most <see cref="Wanted"/> bytes and returns how many.</summary>
    public int Push(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Wanted);
        foreach (var value in bytes[..count]) _value |= (uint)value << (8 * _filled++);
        return count;
    }

    /// <summary>The length, if it is whole and legal while <paramref name="remaining"/> bytes of the file are missing.</summary>
    public readonly FramingFault Check(long remaining, out int length)
    {
        // PROTOCOL COPY-3.
        length = (int)_value;
        return length switch
        {
            < 0 => FramingFault.NegativeBlock,
            0 => FramingFault.EmptyBlock,
            > FramingLimits.BlockBytes => FramingFault.BlockTooLong,
            _ => length > remaining ? FramingFault.BlockBeyondSize : FramingFault.None,
        };
    }

    public static void Write(Span<byte> destination, int length) => BinaryPrimitives.WriteInt32LittleEndian(destination, length);
}
