using System.Globalization;
using System.Text;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>What a user pasted, freed of what chats, mail programs and documents put in and around it.</summary>
/// <param name="Text">Everything that can belong to a ticket, without white space.</param>
/// <param name="IsBroken">Whether there was white space inside: a line that was wrapped, or two things.</param>
internal readonly record struct PastedText(string Text, bool IsBroken)
{
    // Quotes, brackets and emphasis of chats, and full stops of sentences. Square brackets are part of IPv6 addresses.
    private const string Marks = "\"'`´<>(){}“”„‘’‚«»‹›「」『』|*_~,;.!…。、/\\-";

    // The end of "Tell this to your peer:", "Tell this to your peer instead:" and "Enter the ip:port of your peer:".
    private static readonly string[] Announcements = ["peer:", "instead:"];

    private static readonly string[] Schemes = ["http:", "https:", "p2pcopy:"];

    // The dashes that text processors make of a hyphen.
    private const string Dashes = "‐‑‒–—―−";

    /// <summary>Frees a text from what surrounds and interrupts it.</summary>
    public static PastedText Clean(string text)
    {
        // PROTOCOL TKT-12.
        var compact = new StringBuilder(text.Length);
        var gapBefore = new List<int>();
        foreach (var character in text)
        {
            if (IsInvisible(character)) continue;
            if (char.IsWhiteSpace(character) || char.IsControl(character)) gapBefore.Add(compact.Length);
            else compact.Append(Plain(character));
        }

        var all = compact.ToString();
        var (start, end) = Unwrap(all);
        return new PastedText(all[start..end], gapBefore.Exists(gap => gap > start && gap < end));
    }

    private static (int Start, int End) Unwrap(string all)
    {
        var (start, end) = (0, all.Length);
        foreach (var announcement in Announcements)
            start = Math.Max(start, all.LastIndexOf(announcement, StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? at + announcement.Length : 0);

        // A link in quotes in brackets: take off layer by layer.
        for (var before = -1; before != start;)
        {
            before = start;
            while (start < end && Marks.Contains(all[start], StringComparison.Ordinal)) start++;
            foreach (var scheme in Schemes)
                if (all.AsSpan(start, end - start).StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) start += scheme.Length;
        }

        while (end > start && Marks.Contains(all[end - 1], StringComparison.Ordinal)) end--;
        return (start, end);
    }

    // Zero-width characters, marks of direction, soft hyphens, byte order marks, variation selectors.
    private static bool IsInvisible(char character) =>
        character > '\u007f' && (CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.Format || character is >= '\ufe00' and <= '\ufe0f');

    private static char Plain(char character) => character switch
    {
        <= '\u007f' => character,
        // The wide forms of East Asian input methods.
        >= '\uff01' and <= '\uff5e' => (char)(character - 0xfee0),
        _ => Dashes.Contains(character, StringComparison.Ordinal) ? '-' : character,
    };
}
