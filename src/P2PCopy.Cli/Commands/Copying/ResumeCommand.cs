using System.CommandLine;
using System.CommandLine.Parsing;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>The command line that goes on with a copy that broke, ready to be pasted into a shell.</summary>
internal static class ResumeCommand
{
    // A new meeting needs a new ticket, and what the program says and shows is not part of the copy.
    private static readonly string[] NotRepeated = ["--peer", "--json", "--quiet", "--verbose", "--qr", "--trace", SendCommand.FileName, "--to"];

    /// <summary>The sender's.</summary>
    /// <param name="request">What is sent.</param>
    /// <param name="options">The options that were given (<see cref="OptionsOf"/>).</param>
    public static string OfSender(SendRequest request, IEnumerable<string> options) =>
        string.Join(' ', ["p2pcopy sender", .. request.Paths.Select(path => $"--file {Quoted(Path.GetFullPath(path))}"), .. options]);

    /// <summary>The receiver's.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="options">The options that were given (<see cref="OptionsOf"/>).</param>
    public static string OfReceiver(string folder, IEnumerable<string> options) =>
        string.Join(' ', [$"p2pcopy receiver {Quoted(Path.GetFullPath(folder))}", .. options]);

    /// <summary>The options that the user gave and that the next start needs as well, as words for the shell.</summary>
    public static IReadOnlyList<string> OptionsOf(ParseResult parsed)
    {
        var words = new List<string>();
        foreach (var option in parsed.CommandResult.Command.Options)
        {
            if (NotRepeated.Contains(option.Name) || parsed.GetResult(option) is not OptionResult { Implicit: false } result) continue;
            if (result.Tokens.Count == 0) words.Add(option.Name);
            foreach (var token in result.Tokens) words.Add($"{option.Name} {Quoted(token.Value)}");
        }

        return words;
    }

    private static string Quoted(string word)
    {
        if (word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '\\' or '.' or '-' or '_' or ':')) return word;
        return OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}
