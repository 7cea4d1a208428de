using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace P2PCopy.Datagrams;

/// <summary>
/// Reads big-endian fields one after the other. A short buffer is a value, not an exception: reading past the end yields zeros and
/// sets <see cref="Failed"/>, so a parser checks once at its end.
/// </summary>
/// <param name="bytes">What is to be read.</param>
public ref struct PacketReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether a read went past the end.</summary>
    public bool Failed { get; private set; }

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The next <paramref name="count"/> bytes, or an empty span past the end.</summary>
    // A header is read from each datagram: a call for each of its fields would cost more than the fields.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            Failed = true;
            _rest = default;
            return default;
        }

        var result = _rest[..count];
        _rest = _rest[count..];
        return result;
    }

    /// <summary>The next byte.</summary>
    public byte ReadByte() => ReadBytes(1) is [var value] ? value : (byte)0;

    /// <summary>The next 16 bits, big-endian.</summary>
    public ushort ReadUInt16() => ReadBytes(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16BigEndian(b) : (ushort)0;

    /// <summary>The next 32 bits, big-endian.</summary>
    public uint ReadUInt32() => ReadBytes(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32BigEndian(b) : 0;

    /// <summary>The next 64 bits, big-endian.</summary>
    public ulong ReadUInt64() => ReadBytes(8) is { Length: 8 } b ? BinaryPrimitives.ReadUInt64BigEndian(b) : 0;
}
