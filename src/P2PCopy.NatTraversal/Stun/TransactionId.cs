using System.Buffers.Binary;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>The 96 random bits that tie a STUN answer to its request (RFC 8489 §5). Guessing them is the only way in from off the path.</summary>
/// <param name="High">The first eight bytes, big-endian.</param>
/// <param name="Low">The last four bytes, big-endian.</param>
public readonly record struct TransactionId(ulong High, uint Low)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Bytes = 12;

    /// <summary>Draws a new id.</summary>
    /// <param name="fillRandom">Fills a span with cryptographically random bytes.</param>
    public static TransactionId Create(Action<Span<byte>> fillRandom)
    {
        // PROTOCOL STUN-2.
        Span<byte> bytes = stackalloc byte[Bytes];
        fillRandom(bytes);
        return Read(bytes);
    }

    /// <summary>Reads the first twelve bytes of a span.</summary>
    public static TransactionId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    /// <summary>Writes twelve bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Low);
    }

    /// <summary>24 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x8}";
}
