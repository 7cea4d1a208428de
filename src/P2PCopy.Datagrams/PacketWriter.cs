using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace P2PCopy.Datagrams;

/// <summary>Writes big-endian fields one after the other into a span.</summary>
/// <param name="buffer">Where to write. Writing past its end is a bug of the caller and throws <see cref="ArgumentException"/>.</param>
public ref struct PacketWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Writes a byte.</summary>
    public void WriteByte(byte value) => Take(1)[0] = value;

    /// <summary>Writes 16 bits, big-endian.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    /// <summary>Writes 32 bits, big-endian.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    /// <summary>Writes 64 bits, big-endian.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    /// <summary>Copies bytes.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    // A header is written for each datagram: a call for each of its fields would cost more than the fields.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Take(int count)
    {
        if (count > _buffer.Length - Length) throw new ArgumentException("the destination is too short for the packet");
        var taken = _buffer.Slice(Length, count);
        Length += count;
        return taken;
    }
}
