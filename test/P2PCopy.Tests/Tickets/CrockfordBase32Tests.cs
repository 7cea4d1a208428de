using CsCheck;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Tickets;

public sealed class CrockfordBase32Tests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("00", "00")]
    [InlineData("ff", "zw")]
    [InlineData("0102030405", "04106105")]
    [InlineData("48656c6c6f21", "91jprv3f44")]
    public void Bytes_have_the_known_text(string hex, string text)
    {
        Assert.Equal(text, CrockfordBase32.Encode(Convert.FromHexString(hex)));
        Assert.Equal(Convert.FromHexString(hex), CrockfordBase32.Decode(text));
    }

    [Fact]
    public void Every_array_of_bytes_comes_back() =>
        Gen.Byte.Array[0, 60].Sample(bytes => CrockfordBase32.Decode(CrockfordBase32.Encode(bytes))!.SequenceEqual(bytes));

    [Theory]
    [InlineData("ZW")]
    [InlineData("Zw")]
    public void Case_does_not_matter(string text) => Assert.Equal([0xff], CrockfordBase32.Decode(text)!);

    [Theory]
    [InlineData("o4lo6IO5", "04106105")]
    [InlineData("O4LO6LO5", "04106105")]
    public void Letters_that_look_like_digits_are_read_as_them(string text, string meant) =>
        Assert.Equal(CrockfordBase32.Decode(meant), CrockfordBase32.Decode(text));

    [Theory]
    [InlineData("0")]
    [InlineData("000")]
    [InlineData("000000")]
    public void A_character_too_many_is_refused(string text) => Assert.Null(CrockfordBase32.Decode(text));

    [Theory]
    [InlineData("zx")]
    [InlineData("zz")]
    [InlineData("0001")]
    public void Bits_left_over_must_be_zero(string text) => Assert.Null(CrockfordBase32.Decode(text));

    [Theory]
    [InlineData("zu")]
    [InlineData("U0")]
    [InlineData("0-")]
    [InlineData("0 ")]
    [InlineData("é0")]
    [InlineData("０0")]
    public void Other_characters_are_refused(string text) => Assert.Null(CrockfordBase32.Decode(text));
}
