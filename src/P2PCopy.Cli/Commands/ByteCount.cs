using System.Globalization;

namespace P2PCopy.Cli.Commands;

/// <summary>A number of bytes as people write it: <c>1500</c>, <c>500M</c>, <c>1.5 GB</c>. The units are the binary ones that the program prints.</summary>
internal static class ByteCount
{
    private const string Units = "KMGT";

    /// <summary>Reads it; never negative, and zero only if all of it says so.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var number = text.Trim().ToUpperInvariant();
        if (number.EndsWith("IB", StringComparison.Ordinal)) number = number[..^2];
        else if (number.EndsWith('B')) number = number[..^1];
        var unit = number.Length == 0 ? -1 : Units.IndexOf(number[^1], StringComparison.Ordinal);
        if (unit >= 0) number = number[..^1];
        if (!decimal.TryParse(number.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue >> (10 * (unit + 1))) return false;
        bytes = (long)(count * (1L << (10 * (unit + 1))));
        return true;
    }
}
