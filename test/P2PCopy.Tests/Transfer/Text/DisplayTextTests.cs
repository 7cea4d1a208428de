using CsCheck;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Tests.Transfer.Text;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("plain name (1).txt", "plain name (1).txt")]
    [InlineData("\u001b[2J\u001b]0;title\u0007", "\\u{1B}[2J\\u{1B}]0;title\\u{7}")]
    [InlineData("line\r\nPassword: ", "line\\u{D}\\u{A}Password: ")]
    [InlineData("invoice\u202Egpj.exe", "invoice\\u{202E}gpj.exe")]
    [InlineData("a\u200Bb\u2066c\uFEFFd\u00ADe", "a\\u{200B}b\\u{2066}c\\u{FEFF}d\\u{AD}e")]
    [InlineData("\ue000\u0378\u3164\u2800", "\\u{E000}\\u{378}\\u{3164}\\u{2800}")]
    [InlineData("no\u00A0break", "no\\u{A0}break")]
    [InlineData("Übung – 写真 📷.jpg", "Übung – 写真 📷.jpg")]
    [InlineData("c1 \u009b31m", "c1 \\u{9B}31m")]
    public void What_does_not_print_is_escaped_and_all_else_stays(string text, string shown) =>
        Assert.Equal(shown, DisplayText.Escape(text));

    [Fact]
    public void Half_a_surrogate_pair_is_escaped() => Assert.Equal("half \\u{D800} pair", DisplayText.Escape("half \ud800 pair"));

    [Fact]
    public void A_long_name_loses_its_middle_and_keeps_its_extension()
    {
        var shown = DisplayText.Escape(new string('a', 200) + "Accept? y" + new string(' ', 80) + ".exe", 60);

        Assert.Equal(60, shown.Length);
        Assert.StartsWith("aaaa", shown, StringComparison.Ordinal);
        Assert.Contains('…', shown);
        Assert.EndsWith(".exe", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Wide_characters_count_as_two_columns()
    {
        var shown = DisplayText.Escape(new string('写', 100) + ".jpg", 40);

        Assert.InRange(shown.Sum(letter => letter == '写' ? 2 : 1), 37, 40);
        Assert.EndsWith(".jpg", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void An_extension_of_escapes_stays_whole() =>
        Assert.EndsWith(".e\\u{202E}xe", DisplayText.Escape(new string('a', 90) + ".e\u202Exe", 40), StringComparison.Ordinal);

    [Fact]
    public void Any_text_comes_out_printable_and_within_the_limit() =>
        Gen.Select(Gen.Char.Array[0, 400], Gen.Int[20, 150]).Sample((letters, limit) =>
        {
            var shown = DisplayText.Escape(new string(letters), limit);
            Assert.True(shown.Length <= limit + (letters.Length / 2), "escapes are counted at their printed width");
            Assert.True(Columns(shown) <= limit, $"{shown} is wider than {limit}");
            Assert.DoesNotContain(shown.EnumerateRunes(), rune => rune.Value is < 0x20 or (>= 0x7F and <= 0xA0) or (>= 0x200B and <= 0x200F)
                or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0x2028 or 0x2029 or 0xFEFF or 0xFFFD && !letters.Contains('\uFFFD'));
        }, iter: 3000);

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1, "1 byte")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1024, "1 KB")]
    [InlineData(57147392, "54.5 MB")]
    [InlineData(190463345, "181.64 MB")]
    [InlineData(1048575, "1 MB")]
    [InlineData(10737418240, "10 GB")]
    [InlineData(long.MaxValue, "8 EB")]
    public void Sizes_read_as_the_original_program_printed_them(long bytes, string shown) => Assert.Equal(shown, DisplayText.Size(bytes));

    private static int Columns(string text) => text.EnumerateRunes().Sum(rune => rune.Value is (>= 0x1100 and <= 0x115F)
        or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1FAFF) ? 2 : 1);
}
