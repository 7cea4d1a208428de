using System.Globalization;

namespace P2PCopy.Bench;

/// <summary>What of the comparison is wanted.</summary>
internal static class Choice
{
    private const int UsualRounds = 5;

    /// <summary>Reads the options; false when one is not known.</summary>
    public static bool TryRead(IReadOnlyList<string> options, out int rounds, out string? row, out string? only)
    {
        (rounds, row, only) = (UsualRounds, null, null);
        for (var i = 0; i < options.Count; i += 2)
        {
            if (i + 1 == options.Count) return false;
            var value = options[i + 1];
            switch (options[i])
            {
                case "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out rounds) && rounds > 0:
                    break;
                case "--row" when BenchRow.All.Any(known => known.Key == value):
                    row = value;
                    break;
                case "--only" when BenchRow.Names.Any(name => name.StartsWith(value, StringComparison.Ordinal)):
                    only = value;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
