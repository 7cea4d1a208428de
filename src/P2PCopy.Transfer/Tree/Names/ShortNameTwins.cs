using System.Diagnostics.CodeAnalysis;

namespace P2PCopy.Transfer.Tree.Names;

/// <summary>
/// Names such as <c>PROGRA~1</c>, which Windows makes up for long names beside these: where both come into one folder, one of them
/// may lead to the other there. Only the names of this form are kept, since hardly anything has one.
/// </summary>
internal sealed class ShortNameTwins
{
    private const int MostNames = 4096;
    private const int StemLetters = 8;
    private const int ExtensionLetters = 3;

    private readonly Dictionary<string, List<(string Letters, string Extension)>> _byFolder = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Whether no name of this form came.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Keeps the name if it has this form; refuses a manifest that is made of such names.</summary>
    public TreePathRefusal? Add(TreePath path)
    {
        if (!TrySplit(path.Leaf.Value, out var letters, out var extension)) return null;
        if (_count == MostNames) return new TreePathRefusal(TreePathFault.TooMany, $"The peer offers more than {MostNames} names of the form 'NAME~1'.");
        _count++;
        var folder = path.Parent?.Value ?? "";
        if (!_byFolder.TryGetValue(folder, out var names)) _byFolder.Add(folder, names = []);
        names.Add((letters, extension));
        return null;
    }

    /// <summary>Whether one of the kept names may be made up for this one.</summary>
    public TreePathRefusal? FaultOf(TreePath path)
    {
        var name = path.Leaf.Value;
        if (!_byFolder.TryGetValue(path.Parent?.Value ?? "", out var names) || IsShort(name)) return null;
        var (stem, extension) = (Letters(StemOf(name, out var rest)), Letters(rest));
        extension = extension[..Math.Min(ExtensionLetters, extension.Length)];
        foreach (var made in names)
        {
            if (made.Extension != extension) continue;
            // From the fifth on that would be alike Windows takes two letters and four digits of a hash.
            var isHash = made.Letters.Length == 6 && made.Letters[2..].All(char.IsAsciiHexDigitUpper) && stem.StartsWith(made.Letters[..Math.Min(2, stem.Length)], StringComparison.Ordinal);
            if (isHash || stem.StartsWith(made.Letters, StringComparison.Ordinal))
                return new TreePathRefusal(TreePathFault.Twin, $"The peer offers two names that may be one on Windows: '{path}' and a short name of the same begin.");
        }

        return null;
    }

    private static bool TrySplit(string name, [NotNullWhen(true)] out string? letters, [NotNullWhen(true)] out string? extension)
    {
        letters = null;
        extension = null;
        if (!IsShort(name)) return false;
        var stem = StemOf(name, out var rest);
        var tilde = stem.LastIndexOf('~');
        if (tilde < 1 || tilde == stem.Length - 1 || !stem[(tilde + 1)..].All(char.IsAsciiDigit)) return false;
        (letters, extension) = (stem[..tilde].ToUpperInvariant(), rest.ToUpperInvariant());
        return true;
    }

    /// <summary>Whether Windows needs no other name for it.</summary>
    private static bool IsShort(string name) => name.All(static letter => char.IsAscii(letter) && !"+,;=[] ".Contains(letter, StringComparison.Ordinal))
        && StemOf(name, out var extension) is { Length: >= 1 and <= StemLetters } stem && extension.Length <= ExtensionLetters && !stem.Contains('.', StringComparison.Ordinal);

    private static string StemOf(string name, out string extension)
    {
        var dot = name.LastIndexOf('.');
        extension = dot < 0 ? "" : name[(dot + 1)..];
        return dot < 0 ? name : name[..dot];
    }

    /// <summary>What is left of a part of a name in a short one.</summary>
    private static string Letters(string part) => string.Concat(
        part.Where(static letter => letter is not ('.' or ' ')).Select(static letter => "+,;=[]".Contains(letter, StringComparison.Ordinal) ? '_' : char.ToUpperInvariant(letter)));
}
