using System.Buffers.Binary;
using System.Text;

namespace P2PCopy.Transfer.Messages;

/// <summary>What a sender says first: the name of the file, without folders, and its size.</summary>
/// <remarks>
/// On the wire: length of the name in bytes as a base-128 number (seven bits a byte, low ones first, bit 7 set when more
/// follow), the name in UTF-8, the size as a little-endian 64-bit number. The name came from the peer: it is text to be
/// checked, nothing else.
/// </remarks>
internal readonly record struct FileHeader(string Name, long Size)
{
    public const int SizeBytes = 8;

    /// <summary>Length and name, which travel together; false if the name is longer than the wire may carry.</summary>
    public bool TryWriteName(Span<byte> destination, out int written)
    {
        written = 0;
        // PROTOCOL COPY-6.
        var length = Encoding.UTF8.GetByteCount(Name);
        if (length > FramingLimits.NameBytes) return false;
        for (var rest = length; ; rest >>= 7)
        {
            destination[written++] = (byte)(rest > 0x7F ? (rest & 0x7F) | 0x80 : rest);
            if (rest <= 0x7F) break;
        }

        written += Encoding.UTF8.GetBytes(Name, destination[written..]);
        return true;
    }

    public void WriteSize(Span<byte> destination) => BinaryPrimitives.WriteInt64LittleEndian(destination, Size);
}
