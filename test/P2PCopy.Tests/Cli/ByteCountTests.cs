using P2PCopy.Cli.Commands;

namespace P2PCopy.Tests.Cli;

public sealed class ByteCountTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1500", 1500)]
    [InlineData("1500b", 1500)]
    [InlineData("2k", 2048)]
    [InlineData("500M", 500L << 20)]
    [InlineData("1.5 GB", 3L << 29)]
    [InlineData("20GiB", 20L << 30)]
    [InlineData("8388607T", 8388607L << 40)]
    public void Sizes_are_read_as_people_write_them(string text, long bytes)
    {
        Assert.True(ByteCount.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("B")]
    [InlineData("-1")]
    [InlineData("ten")]
    [InlineData("1,5G")]
    [InlineData("8388608T")]
    [InlineData("99999999999999999999999")]
    public void Anything_else_is_none(string text) => Assert.False(ByteCount.TryParse(text, out _));
}
