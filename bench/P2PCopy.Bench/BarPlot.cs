using System.Globalization;
using System.Net;
using System.Text;

namespace P2PCopy.Bench;

/// <summary>Bars, one below the other, with the least and the most that were measured: a picture of a row as SVG.</summary>
internal static class BarPlot
{
    private const int Width = 720;
    private const int NameWidth = 190;
    private const int ValueWidth = 90;
    private const int BarHeight = 18;
    private const int Step = 28;
    private const int Top = 40;

    /// <summary>Draws.</summary>
    /// <param name="title">What is shown, with its unit.</param>
    /// <param name="bars">Names and what was measured of each.</param>
    public static string Draw(string title, IReadOnlyList<(string Name, double[] Values)> bars)
    {
        var most = bars.SelectMany(bar => bar.Values).DefaultIfEmpty(1).Max();
        var height = Top + (Step * bars.Count) + 10;
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13">""");
        Line(svg, $"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        Line(svg, $"""<text x="10" y="22" font-size="15" font-weight="bold" fill="#222222">{WebUtility.HtmlEncode(title)}</text>""");
        for (var i = 0; i < bars.Count; i++)
        {
            var (name, values) = bars[i];
            var (top, middle) = (Top + (i * Step), Top + (i * Step) + (BarHeight / 2));
            var (median, end) = (Records.Median(values), X(Records.Median(values)));
            var colour = name.StartsWith("p2pcopy", StringComparison.Ordinal) ? "#1f77b4" : name.StartsWith("P2PCopy", StringComparison.Ordinal) ? "#8fbbdd" : "#b8b8b8";
            Line(svg, $"""<text x="{NameWidth - 8}" y="{middle + 5}" text-anchor="end" fill="#222222">{WebUtility.HtmlEncode(name)}</text>""");
            Line(svg, $"""<rect x="{NameWidth}" y="{top}" width="{Math.Max(end - NameWidth, 1):0.#}" height="{BarHeight}" fill="{colour}"/>""");
            Line(svg, $"""<line x1="{X(values.Min()):0.#}" y1="{middle}" x2="{X(values.Max()):0.#}" y2="{middle}" stroke="#222222"/>""");
            Line(svg, $"""<text x="{Math.Max(end, X(values.Max())) + 6:0.#}" y="{middle + 5}" fill="#222222">{Format(median)}</text>""");
        }

        return svg.AppendLine("</svg>").Replace("\r\n", "\n").ToString();

        double X(double value) => NameWidth + (value / most * (Width - NameWidth - ValueWidth));
    }

    /// <summary>A figure with as many digits as it has meaning.</summary>
    public static string Format(double value) => double.IsNaN(value) ? "" : value.ToString(value < 10 ? "0.0" : value < 100 ? "0.#" : "#,0", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
