using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace P2PCopy.Transfer.Receiving;

/// <summary>Names derived from a checked one: the second file of that name, and the unfinished file beside it.</summary>
internal static class NumberedName
{
    private const int LongestExtension = 32;

    /// <summary>With the ending it has at most 143 bytes, which is the least that a disk with long names takes (eCryptfs).</summary>
    private const int LongestWithPart = 130;

    /// <summary><c>name (1).ext</c>: the number in front of the extension, the stem cut so that the whole stays legal.</summary>
    public static string Beside(string name, int number)
    {
        var dot = name.LastIndexOf('.');
        // A leading dot hides the file, it does not begin an extension; and a very long one is none.
        if (dot <= 0 || Encoding.UTF8.GetByteCount(name.AsSpan(dot)) > LongestExtension) dot = name.Length;
        return Fit(name[..dot], string.Create(CultureInfo.InvariantCulture, $" ({number}){name[dot..]}"));
    }

    /// <summary>
    /// <c>name.ext.p2p-part</c>, and from the second on <c>name.ext.2.p2p-part</c>. Of a long name the begin is taken and a few digits
    /// that follow from the whole: a disk that has room for the name may have none for its ending.
    /// </summary>
    public static string Part(string name, int number)
    {
        var ending = number == 1 ? SafeName.PartSuffix : string.Create(CultureInfo.InvariantCulture, $".{number}{SafeName.PartSuffix}");
        if (Encoding.UTF8.GetByteCount(name) <= LongestWithPart) return name + ending;
        var digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4));
        return Fit(name, $"~{digits}{ending}", LongestWithPart);
    }

    private static string Fit(string stem, string ending, int most = SafeName.MaxBytes)
    {
        var room = most - Encoding.UTF8.GetByteCount(ending);
        var length = 0;
        foreach (var rune in stem.EnumerateRunes())
        {
            if (rune.Utf8SequenceLength > room) break;
            room -= rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return string.Concat(stem.AsSpan(0, length), ending);
    }
}
