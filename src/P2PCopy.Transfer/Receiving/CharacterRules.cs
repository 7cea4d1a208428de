using System.Globalization;
using System.Text;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.Receiving;

/// <summary>Which characters a file name may have on every system, and without deceiving who reads it.</summary>
internal static class CharacterRules
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The first fault of the name's characters, or null.</summary>
    public static NameFault? FirstFault(string name)
    {
        for (var index = 0; index < name.Length;)
        {
            if (!Rune.TryGetRuneAt(name, index, out var rune)) return NameFault.BrokenSurrogate;
            if (FaultOf(rune, name, index) is { } fault) return fault;
            index += rune.Utf16SequenceLength;
        }

        return null;
    }

    /// <summary>The fault of the whole character that stands here, or null.</summary>
    public static NameFault? FaultAt(string name, int index) => FaultOf(Rune.GetRuneAt(name, index), name, index);

    private static NameFault? FaultOf(Rune rune, string name, int index) => rune.Value switch
    {
        '/' or '\\' => NameFault.Separator,
        ':' => NameFault.Colon,
        '<' or '>' or '"' or '|' or '?' or '*' => NameFault.ReservedCharacter,
        ZeroWidthNonJoiner or ZeroWidthJoiner when JoinsLetters(name, index) => null,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control => NameFault.Control,
            UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => NameFault.Invisible,
            UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => NameFault.Unassigned,
            _ => BlankCharacters.Contains(rune.Value) ? NameFault.Invisible : null,
        },
    };

    /// <summary>Persian and the scripts of India cannot be spelt without the joiners; between such letters they are visible.</summary>
    private static bool JoinsLetters(string name, int index) =>
        index > 0 && index + 1 < name.Length && NeedsJoiners(name[index - 1]) && NeedsJoiners(name[index + 1]);

    private static bool NeedsJoiners(char letter) =>
        letter is (>= '\u0620' and <= '\u06FF') or (>= '\u0750' and <= '\u077F') or (>= '\u08A0' and <= '\u08FF')
            or (>= '\u0900' and <= '\u0DFF')
        && CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark;
}
