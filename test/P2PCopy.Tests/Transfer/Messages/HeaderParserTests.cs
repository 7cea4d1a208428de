using System.Text;
using CsCheck;
using P2PCopy.Transfer.Messages;

namespace P2PCopy.Tests.Transfer.Messages;

public sealed class HeaderParserTests
{
    private static readonly byte[] Size16 = [16, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void A_header_writes_and_reads_back_in_any_portions() =>
        Gen.Select(Gen.Char["aé写 ./"].Array[0, 300], Gen.Long[0, long.MaxValue], Gen.Int[1, 20]).Sample((letters, size, portion) =>
        {
            var header = new FileHeader(new string(letters), size);
            var wire = new byte[2048];
            Assert.True(header.TryWriteName(wire, out var length));
            header.WriteSize(wire.AsSpan(length));
            length += FileHeader.SizeBytes;

            var parser = new HeaderParser();
            var position = 0;
            while (parser.Wanted > 0)
            {
                Assert.True(position + parser.Wanted <= length, "never wants more than the header has");
                position += parser.Push(wire.AsSpan(position, Math.Min(portion, wire.Length - position)));
            }

            Assert.Equal(header, parser.Header);
            Assert.Equal(length, position);
        }, iter: 2000);

    [Theory]
    [InlineData(nameof(FramingFault.NameTooLong), 0x81, 0x08)]                              // 1025
    [InlineData(nameof(FramingFault.NameTooLong), 0xFF, 0xFF, 0xFF)]
    [InlineData(nameof(FramingFault.NameLengthMalformed), 0x80, 0x80, 0x80, 0x80, 0x10)]
    [InlineData(nameof(FramingFault.NameLengthMalformed), 0x80, 0x80, 0x80, 0x80, 0x80)]
    [InlineData(nameof(FramingFault.NameTooLong), 0x80, 0x80, 0x80, 0x80, 0x0F)]            // would be negative as 32 bits
    public void A_length_that_cannot_be_ends_the_header_at_once(string fault, params int[] bytes)
    {
        var parser = new HeaderParser();
        parser.Push([.. bytes.Select(value => (byte)value), 1, 2, 3]);

        Assert.Equal(fault, parser.Fault.ToString());
        Assert.Equal(0, parser.Wanted);
        Assert.Null(parser.Header);
    }

    [Theory]
    [InlineData("c3")]
    [InlineData("c328")]
    [InlineData("eda080")]          // a surrogate
    [InlineData("c0af")]            // an overlong slash
    [InlineData("f5808080")]
    [InlineData("80")]
    public void A_name_that_is_not_utf8_is_a_fault(string hex)
    {
        var name = Convert.FromHexString(hex);
        var parser = new HeaderParser();
        parser.Push([(byte)name.Length, .. name, .. Size16]);

        Assert.Equal(FramingFault.NameNotUtf8, parser.Fault);
        Assert.Equal(0, parser.Wanted);
    }

    [Fact]
    public void A_negative_size_is_a_fault()
    {
        var parser = new HeaderParser();
        parser.Push([1, (byte)'a', 0, 0, 0, 0, 0, 0, 0, 0x80]);

        Assert.Equal(FramingFault.NegativeSize, parser.Fault);
        Assert.Null(parser.Header);
    }

    [Fact]
    public void A_length_in_more_bytes_than_needed_is_read_as_the_original_does()
    {
        var parser = new HeaderParser();
        parser.Push([0x81, 0x80, 0x80, 0x80, 0x00, (byte)'a', .. Size16]);

        Assert.Equal(new FileHeader("a", 16), parser.Header);
    }

    [Fact]
    public void A_name_longer_than_the_wire_may_carry_is_not_written()
    {
        var wire = new byte[4096];

        Assert.True(new FileHeader(new string('a', 1024), 0).TryWriteName(wire, out var written));
        Assert.Equal(1026, written);
        Assert.False(new FileHeader(new string('a', 1025), 0).TryWriteName(wire, out _));
    }

    [Fact]
    public void Random_bytes_give_a_header_or_a_fault_and_never_more_wants_than_a_name() =>
        Gen.Byte.Array[0, 3000].Sample(bytes =>
        {
            var parser = new HeaderParser();
            var consumed = parser.Push(bytes);

            Assert.InRange(consumed, 0, 5 + 1024 + 8);
            Assert.InRange(parser.Wanted, 0, 1024);
            if (consumed < bytes.Length) Assert.True(parser.Header is not null || parser.Fault != FramingFault.None);
            if (parser.Header is { } header) Assert.True(header.Size >= 0 && Encoding.UTF8.GetByteCount(header.Name) <= 1024);
        }, iter: 20_000);
}
