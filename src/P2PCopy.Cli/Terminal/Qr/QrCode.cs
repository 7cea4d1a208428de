using System.Collections;
using QRCoder;
using QRCoder.Exceptions;

namespace P2PCopy.Cli.Terminal.Qr;

/// <summary>A QR code of level L, which corrects least, since on a screen nothing is dirty or torn: which of its modules are dark.</summary>
/// <example><code>
/// if (QrCode.Of("HELLO") is { } code) Draw(code.Size, code.IsDark);
/// </code></example>
internal sealed class QrCode
{
    // The library draws the light modules around a code, too; how many there is room for is decided by who draws it.
    private const int Margin = 4;

    // What is larger has more modules than most windows have columns.
    private const int LargestVersion = 10;

    private readonly List<BitArray> _rows;

    private QrCode(List<BitArray> rows) => _rows = rows;

    /// <summary>Modules along an edge, without the margin of light ones that has to be around it.</summary>
    public int Size => _rows.Count - (2 * Margin);

    /// <summary>Whether a module is dark.</summary>
    public bool IsDark(int row, int column) => _rows[row + Margin][column + Margin];

    /// <summary>The code of a text; <see langword="null"/> when it is too long: 395 capitals and digits, or 271 bytes of anything.</summary>
    public static QrCode? Of(string text)
    {
        try
        {
            using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
            return data.Version > LargestVersion ? null : new QrCode(data.ModuleMatrix);
        }
        catch (DataTooLongException)
        {
            return null;
        }
    }
}
