using System.Buffers.Binary;
using System.Text;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>Reads what a <see cref="BinaryWriter"/> wrote, without making anything but the texts.</summary>
internal ref struct EntryReader(ReadOnlySpan<byte> bytes)
{
    private const int BitsOfLength = 7;

    private ReadOnlySpan<byte> _rest = bytes;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public string Text()
    {
        var length = 0;
        for (var shift = 0; ; shift += BitsOfLength)
        {
            var part = Byte();
            length |= (part & 0x7F) << shift;
            if (part < 0x80) return Encoding.UTF8.GetString(Take(length));
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
