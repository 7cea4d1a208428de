using System.Text;

namespace P2PCopy.Cli.Terminal.Qr;

/// <summary>A QR code in characters: each shows two modules, one above the other, since characters are twice as high as wide.</summary>
internal static class QrPicture
{
    private const string WhiteOnBlack = "\e[97;40m";
    private const string Plain = "\e[0m";

    // The standard wants 4 light modules around a code; cameras make do with fewer, where the window is narrow.
    private static readonly int[] Margins = [4, 3, 2, 1];

    /// <summary>Draws a code, with as much margin as there is room for.</summary>
    /// <param name="code">What to draw.</param>
    /// <param name="columns">How wide the picture may be.</param>
    /// <param name="colour">Whether colours say what is light; else the background is taken to be dark.</param>
    /// <returns>The lines, or <see langword="null"/> when there is no room.</returns>
    public static IReadOnlyList<string>? Draw(QrCode code, int columns, bool colour)
    {
        var margin = Array.Find(Margins, margin => code.Size + (2 * margin) <= columns);
        if (margin == 0) return null;
        var lines = new List<string>();
        for (var row = -margin; row < code.Size + margin; row += 2)
        {
            var line = new StringBuilder(colour ? WhiteOnBlack : "");
            for (var column = -margin; column < code.Size + margin; column++)
            {
                line.Append((IsLight(code, row, column), row + 1 < code.Size + margin && IsLight(code, row + 1, column)) switch
                {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    _ => ' ',
                });
            }

            lines.Add(line.Append(colour ? Plain : "").ToString());
        }

        return lines;
    }

    private static bool IsLight(QrCode code, int row, int column) =>
        row < 0 || row >= code.Size || column < 0 || column >= code.Size || !code.IsDark(row, column);
}
