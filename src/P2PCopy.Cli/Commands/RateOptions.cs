using System.CommandLine;
using System.Globalization;

namespace P2PCopy.Cli.Commands;

/// <summary>The options of a command that sends: how fast.</summary>
internal sealed class RateOptions
{
    private const long Least = 1000;
    private const long Most = 100_000_000_000;

    /// <summary><c>--limit</c>.</summary>
    public Option<long?> Limit { get; } = new("--limit")
    {
        HelpName = "RATE",
        Description = "Send at most so many bytes of the file a second, such as 500k, 2M or 1.5M (k is 1,000, M a million, G a billion).",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (TryParse(text, out var rate)) return rate;
            result.AddError($"'{text}' cannot be used for --limit: write bytes a second, at least {Least}, such as 500k or 2M.");
            return null;
        },
    };

    /// <summary><c>--polite</c>.</summary>
    public Option<bool> Polite { get; } = new("--polite")
    {
        Description = "Let everything else on the line go first: take only what others leave.",
    };

    /// <summary>Gives both to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(Limit);
        command.Add(Polite);
    }

    /// <summary>What was given.</summary>
    public RateSettings Read(ParseResult parsed) => new(parsed.GetValue(Limit) ?? 0, parsed.GetValue(Polite));

    /// <summary>Reads a rate in bytes a second: a number, perhaps with a point, and perhaps k, M or G behind it.</summary>
    internal static bool TryParse(string text, out long rate)
    {
        rate = 0;
        var factor = text.Length == 0 ? 1 : char.ToLowerInvariant(text[^1]) switch { 'k' => 1e3, 'm' => 1e6, 'g' => 1e9, _ => 1 };
        var digits = factor > 1 ? text.AsSpan(0, text.Length - 1) : text;
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (number * factor is not (>= Least and <= Most)) return false;
        rate = (long)(number * factor);
        return true;
    }
}
