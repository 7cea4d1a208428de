using System.Globalization;
using System.Text;

namespace P2PCopy.Transfer.Text;

/// <summary>
/// The one way for strings of a peer or a disk onto a terminal. What does not print is escaped as <c>\u{202E}</c>, so a name
/// can neither move the cursor nor reorder, hide or imitate the text around it; what is too long loses its middle, never its
/// extension.
/// </summary>
/// <example><c>DisplayText.Escape("a\u001b[2Jb.txt")</c> is <c>a\u{1B}[2Jb.txt</c>.</example>
public static class DisplayText
{
    private const int LongestExtension = 16;

    /// <summary>The text with everything escaped that does not print, at most <paramref name="limit"/> columns wide.</summary>
    /// <param name="text">Any text, broken surrogates included.</param>
    /// <param name="limit">Columns; at least 20. Wide characters count as two.</param>
    public static string Escape(string text, int limit = 120)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 20);
        var whole = Render(text, limit, out var columns);
        return columns <= limit ? whole : Shorten(text, limit);
    }

    /// <summary>A size as people read it, in units of 1024: <c>54.5 MB</c>.</summary>
    /// <param name="bytes">The size in bytes.</param>
    public static string Size(long bytes)
    {
        ReadOnlySpan<string> units = ["bytes", "KB", "MB", "GB", "TB", "PB", "EB"];
        double value = bytes;
        var unit = 0;
        // The next unit begins where two decimals would round up to 1024.
        while (Math.Abs(value) >= 1023.995 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {(bytes == 1 ? "byte" : units[unit])}");
    }

    /// <summary>Renders until the text ends or is wider than the limit, so a huge text costs no more than a long one.</summary>
    private static string Render(string text, int limit, out int columns)
    {
        var rendered = new StringBuilder(Math.Min(text.Length, limit) + 16);
        columns = 0;
        for (var index = 0; index < text.Length && columns <= limit;)
        {
            columns += Append(rendered, text, ref index);
        }

        return rendered.ToString();
    }

    private static string Shorten(string text, int limit)
    {
        var tailLimit = Math.Max(limit / 3, Math.Min(ExtensionLength(text), limit - 8));
        var tailStart = text.Length;
        var tailColumns = 0;
        while (tailStart > 0)
        {
            var previous = tailStart - 1;
            if (previous > 0 && char.IsSurrogatePair(text[previous - 1], text[previous])) previous--;
            var index = previous;
            var columns = Append(new StringBuilder(), text, ref index);
            if (tailColumns + columns > tailLimit) break;
            tailColumns += columns;
            tailStart = previous;
        }

        var shortened = new StringBuilder();
        var used = 0;
        for (var index = 0; index < tailStart;)
        {
            var length = shortened.Length;
            var columns = Append(shortened, text, ref index);
            if (used + columns > limit - 1 - tailColumns)
            {
                shortened.Length = length;
                break;
            }

            used += columns;
        }

        shortened.Append('…');
        for (var index = tailStart; index < text.Length;) Append(shortened, text, ref index);
        return shortened.ToString();
    }

    private static int ExtensionLength(string text)
    {
        var dot = text.LastIndexOf('.');
        if (dot < 0 || text.Length - dot > LongestExtension) return 0;
        var columns = 0;
        for (var index = dot; index < text.Length;) columns += Append(new StringBuilder(), text, ref index);
        return columns;
    }

    /// <summary>Appends the character at the index in its printable form, moves on and returns its width in columns.</summary>
    private static int Append(StringBuilder destination, string text, ref int index)
    {
        if (!Rune.TryGetRuneAt(text, index, out var rune))
        {
            return AppendEscape(destination, text[index++]);
        }

        index += rune.Utf16SequenceLength;
        if (!Prints(rune)) return AppendEscape(destination, rune.Value);
        destination.Append(rune.ToString());
        return IsWide(rune.Value) ? 2 : 1;
    }

    private static int AppendEscape(StringBuilder destination, int value)
    {
        var before = destination.Length;
        destination.Append(CultureInfo.InvariantCulture, $"\\u{{{value:X}}}");
        return destination.Length - before;
    }

    private static bool Prints(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        // Other spaces look like the common one, or like nothing; only the ideographic space is part of a way of writing.
        UnicodeCategory.SpaceSeparator => rune.Value is 0x20 or 0x3000,
        _ => !BlankCharacters.Contains(rune.Value),
    };

    private static bool IsWide(int value) => value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF)
        or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60)
        or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
