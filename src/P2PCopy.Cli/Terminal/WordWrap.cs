using System.Text;

namespace P2PCopy.Cli.Terminal;

/// <summary>Breaks sentences between words, where a terminal would break them within.</summary>
internal static class WordWrap
{
    /// <summary>The text with line breaks; further lines keep the indent of the first.</summary>
    /// <param name="text">One line.</param>
    /// <param name="columns">The width of the terminal.</param>
    public static string Fit(string text, int columns)
    {
        var indent = text.Length - text.TrimStart(' ').Length;
        var wrapped = new StringBuilder();
        while (text.Length > columns)
        {
            var space = text.LastIndexOf(' ', columns);

            // A word longer than the terminal is left to it.
            if (space <= indent) break;
            wrapped.Append(text, 0, space).Append(Environment.NewLine);
            text = new string(' ', indent) + text[(space + 1)..];
        }

        return wrapped.Append(text).ToString();
    }
}
