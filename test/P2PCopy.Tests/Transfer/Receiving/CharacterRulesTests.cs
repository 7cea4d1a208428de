using System.Globalization;
using System.Text;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Tests.Transfer.Receiving;

/// <summary>Every character there is, one by one.</summary>
public sealed class CharacterRulesTests
{
    [Fact]
    public void No_character_without_a_face_passes_or_is_printed()
    {
        var judged = 0;
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.TryCreate(value, out var rune)) continue;
            var isRefused = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            if (!isRefused) continue;
            judged++;
            var name = $"a{rune}b";
            if (SafeName.TryCreate(name, default, out _, out _)) Assert.Fail($"U+{value:X4} passes");
            if (DisplayText.Escape(name) != $"a\\u{{{value:X}}}b") Assert.Fail($"U+{value:X4} is printed as {DisplayText.Escape(name)}");
        }

        Assert.InRange(judged, 900_000, 1_112_064);
    }

    [Fact]
    public void Halves_of_surrogate_pairs_neither_pass_nor_are_printed()
    {
        for (var half = '\ud800'; half <= '\udfff'; half++)
        {
            if (SafeName.TryCreate($"a{half}", default, out _, out _)) Assert.Fail($"{(int)half:x4} passes");
            if (DisplayText.Escape($"a{half}") != $"a\\u{{{(int)half:X}}}") Assert.Fail($"{(int)half:x4} is printed");
        }
    }
}
