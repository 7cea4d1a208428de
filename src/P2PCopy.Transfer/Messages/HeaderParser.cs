using System.Buffers.Binary;
using System.Text;

namespace P2PCopy.Transfer.Messages;

/// <summary>Reads a <see cref="FileHeader"/> from bytes that arrive in any portions. Its memory is fixed, whatever is announced.</summary>
internal sealed class HeaderParser
{
    private const int LongestLength = 5;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _field = new byte[FramingLimits.NameBytes];
    private Field _expected = Field.NameLength;
    private int _filled;
    private int _nameLength;
    private string _name = "";

    private enum Field
    {
        NameLength,
        Name,
        Size,
        None,
    }

    /// <summary>Set as soon as the bytes cannot be a header; then no more are wanted.</summary>
    public FramingFault Fault { get; private set; }

    /// <summary>The header, once it is whole.</summary>
    public FileHeader? Header { get; private set; }

    /// <summary>How many bytes the next step takes at most; 0 when the header is whole or faulty.</summary>
    public int Wanted => Fault != FramingFault.None ? 0 : _expected switch
    {
        Field.NameLength => 1,
        Field.Name => _nameLength - _filled,
        Field.Size => FileHeader.SizeBytes - _filled,
        _ => 0,
    };

    /// <summary>Takes what belongs to the header and returns how many bytes that were.</summary>
    public int Push(ReadOnlySpan<byte> bytes)
    {
        var consumed = 0;
        while (Wanted > 0 && consumed < bytes.Length)
        {
            var portion = bytes[consumed..Math.Min(bytes.Length, consumed + Wanted)];
            consumed += portion.Length;
            if (_expected == Field.NameLength)
            {
                TakeLengthByte(portion[0]);
                continue;
            }

            portion.CopyTo(_field.AsSpan(_filled));
            _filled += portion.Length;
            if (Wanted == 0) FinishField();
        }

        return consumed;
    }

    private void TakeLengthByte(byte value)
    {
        _nameLength |= (value & 0x7F) << (7 * _filled++);
        // A fifth byte may carry four bits only, so the sum never leaves 32 bits; what is too long shows after three.
        if (_filled == LongestLength && value > 0x0F) Fault = FramingFault.NameLengthMalformed;
        else if (_nameLength is < 0 or > FramingLimits.NameBytes) Fault = FramingFault.NameTooLong;
        else if ((value & 0x80) == 0) Expect(_nameLength == 0 ? Field.Size : Field.Name);
    }

    private void FinishField()
    {
        if (_expected == Field.Size)
        {
            var size = BinaryPrimitives.ReadInt64LittleEndian(_field);
            // PROTOCOL COPY-2.
            if (size < 0) Fault = FramingFault.NegativeSize;
            else Header = new FileHeader(_name, size);
            Expect(Field.None);
            return;
        }

        var name = _field.AsSpan(0, _nameLength);
        if (System.Text.Unicode.Utf8.IsValid(name)) _name = Strict.GetString(name);
        else Fault = FramingFault.NameNotUtf8;
        Expect(Field.Size);
    }

    private void Expect(Field field)
    {
        _expected = field;
        _filled = 0;
    }
}
