using System.Buffers.Binary;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>
/// A stream of bytes that both sides of a test can compute: the numbers of a 64-bit xorshift generator (13, 7, 17), each as eight
/// bytes, low first. <c>udtpeer-pattern.h</c> is its twin.
/// </summary>
internal sealed class PatternStream(ulong seed)
{
    private readonly byte[] _expected = new byte[1 << 20];
    private ulong _state = seed;
    private int _used = sizeof(ulong);

    /// <summary>How many bytes were given out or checked.</summary>
    public long Position { get; private set; }

    /// <summary>Gives the next bytes.</summary>
    public void Fill(Span<byte> bytes)
    {
        Position += bytes.Length;
        for (; !bytes.IsEmpty && _used < sizeof(ulong); bytes = bytes[1..]) bytes[0] = (byte)(_state >> (8 * _used++));
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            Next();
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, _state);
        }

        if (bytes.IsEmpty) return;
        Next();
        for (_used = 0; !bytes.IsEmpty; bytes = bytes[1..]) bytes[0] = (byte)(_state >> (8 * _used++));
    }

    /// <summary>Fails when these are not the next bytes, and tells where.</summary>
    public void Check(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var expected = _expected.AsSpan(0, Math.Min(bytes.Length, _expected.Length));
            var start = Position;
            Fill(expected);
            var same = bytes.CommonPrefixLength(expected);
            if (same < expected.Length) throw new InvalidDataException($"Byte {start + same} is {bytes[same]:x2}, not {expected[same]:x2}.");
            bytes = bytes[expected.Length..];
        }
    }

    private void Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
    }
}
