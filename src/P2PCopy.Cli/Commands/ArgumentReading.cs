using System.CommandLine;
using System.CommandLine.Help;

namespace P2PCopy.Cli.Commands;

/// <summary>What happens to the words of a command line before they are parsed.</summary>
internal static class ArgumentReading
{
    /// <summary>Up to this many letters apart, a known word is offered for a wrong one.</summary>
    private const int FarthestSuggestion = 3;

    /// <summary>Puts the command in front: the original took its words in any order.</summary>
    public static string[] CommandFirst(string[] words, RootCommand root)
    {
        for (var i = 0; i < words.Length && words[i] != "--"; i++)
        {
            if (root.Subcommands.Any(command => Names(command).Contains(words[i])))
                return i == 0 ? words : [words[i], .. words[..i], .. words[(i + 1)..]];
            if (TakesValue(words[i], root.Subcommands.SelectMany(command => command.Options))) i++;
        }

        return words;
    }

    /// <summary>
    /// The first word that looks like an option and is none of the command's; the parser would take it for a file name.
    /// </summary>
    public static string? FindUnknownOption(string[] words, Command command)
    {
        for (var i = 1; i < words.Length && words[i] != "--"; i++)
        {
            if (!words[i].StartsWith('-') || words[i] == "-") continue;
            var name = words[i].Split('=', ':')[0];
            if (!command.Options.Any(option => Names(option).Contains(name)) && name is not ("--help" or "-h" or "-?")) return name;
            if (TakesValue(words[i], command.Options)) i++;
        }

        return null;
    }

    /// <summary>
    /// Adds options from the environment (P2PCOPY_LOCALPORT=4300 for --localport 4300) where the command line does not have them.
    /// </summary>
    /// <param name="words">The words, the command first.</param>
    /// <param name="command">The command they are for.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="used">The variables that were taken.</param>
    public static string[] WithEnvironment(string[] words, Command command, Func<string, string?> variable, out IReadOnlyList<string> used)
    {
        var names = new List<string>();
        var added = new List<string>();
        foreach (var option in command.Options)
        {
            if (option is HelpOption || option.Name == SendCommand.FileName || IsGiven(words, option)) continue;
            var name = VariableOf(option);
            if (variable(name) is not { Length: > 0 } value) continue;

            // The three answers to an existing file exclude each other: one on the command line beats all of the environment.
            if (ReceiveCommand.ExistingNames.Contains(option.Name) && ReceiveCommand.ExistingNames.Any(words.Contains)) continue;
            if (option.ValueType == typeof(bool))
            {
                if (value is not ("1" or "true" or "yes")) continue;
                added.Add(option.Name);
            }
            else
            {
                foreach (var part in option.Arity.MaximumNumberOfValues > 1 ? value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries) : [value])
                    added.AddRange([option.Name, part]);
            }

            names.Add(name);
        }

        used = names;
        return added.Count == 0 ? words : [words[0], .. added, .. words[1..]];
    }

    /// <summary>The environment variable of an option.</summary>
    public static string VariableOf(Option option) => "P2PCOPY_" + option.Name.TrimStart('-').ToUpperInvariant();

    /// <summary>The known word nearest to a wrong one, when it is near enough to be meant.</summary>
    public static string? Suggest(string wrong, IEnumerable<string> known)
    {
        var (word, distance) = known.Select(word => (word, Distance(wrong, word))).DefaultIfEmpty(("", int.MaxValue)).MinBy(pair => pair.Item2);
        return distance <= Math.Min(FarthestSuggestion, wrong.TrimStart('-').Length / 2) ? word : null;
    }

    /// <summary>All names of a command or an option.</summary>
    public static IEnumerable<string> Names(Symbol symbol) => symbol switch
    {
        Command command => [command.Name, .. command.Aliases],
        Option option => [option.Name, .. option.Aliases],
        _ => [symbol.Name],
    };

    private static bool IsGiven(string[] words, Option option) =>
        words.TakeWhile(word => word != "--").Any(word => Names(option).Any(name => word == name || word.StartsWith(name + '=', StringComparison.Ordinal) || word.StartsWith(name + ':', StringComparison.Ordinal)));

    private static bool TakesValue(string word, IEnumerable<Option> options) =>
        options.Any(option => option.ValueType != typeof(bool) && option is not HelpOption && Names(option).Contains(word));

    // Levenshtein's distance, row by row.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
