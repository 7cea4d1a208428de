using CsCheck;
using P2PCopy.Cli.Terminal;

namespace P2PCopy.Tests.Cli;

public sealed class WordWrapTests
{
    [Theory]
    [InlineData("short", 40, "short")]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("  one two three", 9, "  one two|  three")]
    [InlineData("  /a/very/long/path tail", 10, "  /a/very/long/path tail")]
    [InlineData("", 1, "")]
    public void Lines_break_between_words_and_keep_their_indent(string text, int columns, string expected) =>
        Assert.Equal(expected.Replace("|", Environment.NewLine, StringComparison.Ordinal), WordWrap.Fit(text, columns));

    [Fact]
    public void No_word_is_lost() => Gen.Select(Gen.String[Gen.Char[" ab"], 0, 200], Gen.Int[1, 90]).Sample((text, columns) =>
        Words(WordWrap.Fit(text, columns)).SequenceEqual(Words(text)));

    private static string[] Words(string text) => text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
