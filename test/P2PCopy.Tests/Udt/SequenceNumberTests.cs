using System.Numerics;
using CsCheck;
using P2PCopy.Udt;

namespace P2PCopy.Tests.Udt;

public sealed class SequenceNumberTests
{
    private static readonly BigInteger Modulus = BigInteger.One << 31;

    [Fact]
    public void Adding_is_modulo_2_to_the_31() => Gen.Select(Gen.UInt, Gen.Long[-(1L << 50), 1L << 50]).Sample((value, offset) =>
    {
        var expected = (((value + offset) % Modulus) + Modulus) % Modulus;
        Assert.Equal(expected, (new SequenceNumber(value) + offset).Value);
    });

    [Fact]
    public void The_offset_is_the_shorter_way_round() => Gen.Select(Gen.UInt, Gen.UInt).Sample((left, right) =>
    {
        var (to, from) = (new SequenceNumber(left), new SequenceNumber(right));
        var forward = ((to.Value - (BigInteger)from.Value) % Modulus + Modulus) % Modulus;
        var expected = forward >= Modulus / 2 ? forward - Modulus : forward;
        Assert.Equal(expected, to.OffsetFrom(from));
        Assert.Equal(to, from + to.OffsetFrom(from));
    });

    [Theory]
    [InlineData(0x7fff_ffffu, 0u, -1)]
    [InlineData(0u, 0x7fff_ffffu, 1)]
    [InlineData(5u, 5u, 0)]
    [InlineData(0x3fff_ffffu, 0u, 0x3fff_ffff)]
    [InlineData(0x4000_0000u, 0u, -0x4000_0000)]
    public void Offsets_at_the_edges(uint to, uint from, int expected) =>
        Assert.Equal(expected, new SequenceNumber(to).OffsetFrom(new SequenceNumber(from)));

    [Fact]
    public void Zero_follows_the_largest_number() => Assert.Equal(0u, new SequenceNumber(SequenceNumber.MaxValue).Next.Value);

    [Fact]
    public void The_top_bit_is_not_part_of_a_number() => Assert.Equal(5u, new SequenceNumber(0x8000_0005).Value);
}
