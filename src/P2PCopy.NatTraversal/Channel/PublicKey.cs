using System.Buffers.Binary;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>An X25519 public key (RFC 7748) as a value of 32 bytes: compared and ordered by its bytes, no allocation.</summary>
public readonly record struct PublicKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>The key from its bytes.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public PublicKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException("a public key has 32 bytes", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>Bytewise order: the first byte counts most.</summary>
    public static bool operator <(PublicKey left, PublicKey right) => Compare(left, right) < 0;

    /// <summary>Bytewise order: the first byte counts most.</summary>
    public static bool operator >(PublicKey left, PublicKey right) => Compare(left, right) > 0;

    /// <summary>The first bytes in hexadecimal, enough to tell keys apart in a trace.</summary>
    public override string ToString() => $"{_a:x16}…";

    private static int Compare(PublicKey left, PublicKey right) =>
        (left._a, left._b, left._c, left._d).CompareTo((right._a, right._b, right._c, right._d));
}
