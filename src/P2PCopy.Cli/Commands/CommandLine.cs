using System.CommandLine;
using P2PCopy.Cli.Terminal;

namespace P2PCopy.Cli.Commands;

/// <summary>The whole program: words in, exit code out.</summary>
internal static class CommandLine
{
    // A file may be called @list; it is no list of further words.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>All commands.</summary>
    public static RootCommand Create(Surroundings surroundings)
    {
        var root = new RootCommand(
            "Copies files directly between two computers, through the NATs and firewalls of both. Both users start p2pcopy, each tells "
            + "the other the line that the program printed, and the files flow from one to the other.")
        {
            HelpName = "p2pcopy",
        };
        root.Add(new SendCommand().Create(surroundings));
        root.Add(new ReceiveCommand().Create(surroundings));
        root.Add(new NatCommand().Create(surroundings));
        root.Add(new DemoCommand().Create(surroundings));
        root.Add(new BenchCommand().Create(surroundings));
        HelpPage.Install(root, surroundings);
        return root;
    }

    /// <summary>Runs one command line.</summary>
    /// <param name="words">The arguments of the process.</param>
    /// <param name="surroundings">Where it runs.</param>
    /// <param name="cancellation">Ctrl+C.</param>
    public static async Task<int> RunAsync(string[] words, Surroundings surroundings, CancellationToken cancellation)
    {
        var code = await RunToEndAsync(words, surroundings, cancellation).ConfigureAwait(false);
        surroundings.Events.Emit("end", json => json.WriteNumber("exitCode", code));
        return code;
    }

    private static async Task<int> RunToEndAsync(string[] words, Surroundings surroundings, CancellationToken cancellation)
    {
        var screen = new Screen(surroundings, Verbosity.Normal);
        try
        {
            var parsed = Parse(words, surroundings);
            var configuration = new InvocationConfiguration
            {
                Output = surroundings.Output,
                Error = surroundings.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
        }
        catch (CommandFailedException failure)
        {
            screen.Error(failure.Report.ToString());
            return (int)failure.Report.Code;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            screen.Error("Interrupted by Ctrl+C or a signal. Start again when you want to go on.");
            return (int)ExitCode.Interrupted;
        }
        catch (Exception fault)
        {
            screen.Error(Unexpected(fault).ToString());
            if (words.Contains("--verbose")) surroundings.Error.WriteLine(fault);
            return (int)ExitCode.Internal;
        }
    }

    /// <summary>Reads a command line, refusing it with a sentence when it makes no sense.</summary>
    /// <exception cref="CommandFailedException">It makes no sense.</exception>
    public static ParseResult Parse(string[] words, Surroundings surroundings)
    {
        var root = Create(surroundings);
        words = ArgumentReading.CommandFirst(words, root);
        var command = root.Subcommands.FirstOrDefault(candidate => words.Length > 0 && ArgumentReading.Names(candidate).Contains(words[0]));
        if (command is null) return CheckRoot(words, root);

        if (ArgumentReading.FindUnknownOption(words, command) is { } unknown)
            throw Usage($"There is no option {unknown}.", Suggestion(unknown, command.Options.SelectMany(ArgumentReading.Names)), command);
        var extended = ArgumentReading.WithEnvironment(words, command, surroundings.Variable, out var variables);
        var parsed = root.Parse(extended, Parsing);
        if (parsed.Errors.Count == 0 || parsed.Action is { ClearsParseErrors: true }) return parsed;

        // Who gets an error for what stands in a forgotten variable has to be told about the variable.
        var fromEnvironment = variables.Count > 0 && root.Parse(words, Parsing).Errors.Count == 0;
        throw Usage(Sentence(parsed.Errors[0].Message), fromEnvironment ? $"It comes from the environment: {string.Join(", ", variables)}." : "", command);
    }

    private static ParseResult CheckRoot(string[] words, RootCommand root)
    {
        var parsed = root.Parse(words, Parsing);
        if (parsed.Errors.Count == 0) return parsed;
        if (words.Length == 0) throw Usage("There is no command.", "'p2pcopy sender --file PATH' sends, 'p2pcopy receiver' receives.", null);
        if (words[0] == "help") return root.Parse(["--help"], Parsing);
        var kind = words[0].StartsWith('-') ? "option" : "command";
        throw Usage($"There is no {kind} {words[0]}.", Suggestion(words[0], root.Children.SelectMany(ArgumentReading.Names)), null);
    }

    private static string Suggestion(string wrong, IEnumerable<string> known) =>
        ArgumentReading.Suggest(wrong, known) is { } meant ? $"Did you mean {meant}?" : "";

    private static CommandFailedException Usage(string what, string why, Command? command) =>
        new(new ErrorReport(ExitCode.Usage, what, why, $"'p2pcopy {(command is null ? "" : command.Name + " ")}--help' shows what there is."));

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    private static ErrorReport Unexpected(Exception fault) => new(
        ExitCode.Internal,
        "The program met something it was not made for and stopped.",
        $"The system says: {Sentence(fault.Message)}",
        "Start it again; --verbose shows the inside, which helps when you report it.");
}
