using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace P2PCopy.Transfer.Tree.Names;

/// <summary>
/// The form in which two names are compared that some system takes for one: decomposed, with all letters folded, marks in
/// canonical order, joiners dropped. It is made of a table of our own, because the framework neither normalises nor folds
/// fully where the culture is invariant.
/// </summary>
internal static class NameFolding
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailFirst = 0x11A7;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Lazy<Tables> Loaded = new(Load);

    /// <summary>The key of a name without broken surrogates.</summary>
    public static string Fold(string name)
    {
        if (Ascii.IsValid(name)) return name.ToLowerInvariant();
        var tables = Loaded.Value;
        var runes = new List<int>(name.Length + 8);
        foreach (var rune in name.EnumerateRunes()) Append(runes, rune.Value, tables);
        Order(runes, tables.Classes);
        var folded = new StringBuilder(runes.Count + 8);
        foreach (var rune in runes) folded.Append(new Rune(rune).ToString());
        return folded.ToString();
    }

    private static void Append(List<int> runes, int value, Tables tables)
    {
        if (value is 0x200C or 0x200D) return;
        if (value is >= HangulFirst and <= HangulLast)
        {
            var index = value - HangulFirst;
            runes.Add(LeadFirst + (index / (Vowels * Tails)));
            runes.Add(VowelFirst + (index % (Vowels * Tails) / Tails));
            if (index % Tails != 0) runes.Add(TailFirst + (index % Tails));
        }
        else if (tables.Foldings.TryGetValue(value, out var folded))
        {
            runes.AddRange(folded);
        }
        else
        {
            runes.Add(value);
        }
    }

    /// <summary>Marks of different classes commute: they are sorted by class, stable, between characters of class zero.</summary>
    private static void Order(List<int> runes, FrozenDictionary<int, int> classes)
    {
        for (var index = 1; index < runes.Count; index++)
        {
            var mark = runes[index];
            var own = classes.GetValueOrDefault(mark);
            if (own == 0) continue;
            var place = index;
            for (; place > 0 && classes.GetValueOrDefault(runes[place - 1]) > own; place--) runes[place] = runes[place - 1];
            runes[place] = mark;
        }
    }

    private static Tables Load()
    {
        using var stream = typeof(NameFolding).Assembly.GetManifestResourceStream("NameFolding.txt")
            ?? throw new InvalidOperationException("The table of foldings is part of this library.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var foldings = new Dictionary<int, int[]>();
        var classes = new Dictionary<int, int>();
        var inClasses = false;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            if (line.StartsWith('['))
            {
                inClasses = line == "[classes]";
                continue;
            }

            var words = line.Split(' ');
            if (!inClasses)
            {
                foldings.Add(Hexadecimal(words[0]), [.. words.Skip(1).Select(Hexadecimal)]);
                continue;
            }

            for (var mark = Hexadecimal(words[0]); mark <= Hexadecimal(words[1]); mark++)
            {
                classes.Add(mark, int.Parse(words[2], CultureInfo.InvariantCulture));
            }
        }

        return new Tables(foldings.ToFrozenDictionary(), classes.ToFrozenDictionary());
    }

    private static int Hexadecimal(string word) => int.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed record Tables(FrozenDictionary<int, int[]> Foldings, FrozenDictionary<int, int> Classes);
}
