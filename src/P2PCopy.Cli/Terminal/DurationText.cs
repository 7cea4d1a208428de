using System.Globalization;

namespace P2PCopy.Cli.Terminal;

/// <summary>Spans of time as people read them.</summary>
internal static class DurationText
{
    /// <summary><c>8 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>, <c>4 d 3 h</c>: two units at most.</summary>
    public static string Rough(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds switch
        {
            < 60 => Text($"{seconds} s"),
            < 3600 => Two(seconds / 60, "min", seconds % 60, "s"),
            < 86_400 => Two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
            _ => Two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
        };
    }

    /// <summary>As <see cref="Rough"/>, but below a minute with a tenth: <c>0.4 s</c>.</summary>
    public static string Measured(TimeSpan time) =>
        time < TimeSpan.FromMinutes(1) ? Text($"{time.TotalSeconds:0.0} s") : Rough(time);

    private static string Two(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? Text($"{large} {largeUnit}") : Text($"{large} {largeUnit} {small} {smallUnit}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
