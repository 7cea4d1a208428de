using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using P2PCopy.Cli.Terminal;

namespace P2PCopy.Cli.Commands;

/// <summary>What <c>--help</c> and <c>--version</c> print.</summary>
internal static class HelpPage
{
    private const int WidestPage = 100;

    private const string Environment = """
        Environment:
          Options can be set by variables too, named after them: P2PCOPY_TIMEOUT=60, P2PCOPY_YES=1,
          P2PCOPY_STUN="a.example b.example". What stands on the command line wins over them.
          NO_COLOR turns colours off.

        """;

    private const string ExitCodes = """
        Exit codes:
          0    done
          1    the command line or the typed address makes no sense
          2    the file does not exist or cannot be read
          3    not connected
          4    refused by the peer, the user or a rule
          5    broken off; the same commands go on where it stopped
          6    what was written is not what was sent
          7    local disk: full, not permitted, no such folder
          8    the peer could not be verified
          9    the peer's program is of another version
          70   a fault of the program itself
          130  interrupted

        """;

    /// <summary>Sets the pages of all commands.</summary>
    /// <param name="root">The program with its commands.</param>
    /// <param name="surroundings">The terminal; a page is no wider, nor wider than what reads well.</param>
    public static void Install(RootCommand root, Surroundings surroundings)
    {
        var width = surroundings.OutputIsTerminal ? Math.Min(surroundings.Width(), WidestPage) : WidestPage;
        foreach (var option in root.Options)
        {
            if (option is HelpOption) option.Action = new Page(width);
            if (option is VersionOption) option.Action = new Version();
        }
    }

    private sealed class Page(int width) : SynchronousCommandLineAction
    {
        // Who asks for help need not have the rest of the line right.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            new HelpAction { MaxWidth = width }.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is RootCommand) output.WriteLine(ExitCodes);
            else if (parseResult.CommandResult.Command.Options.Count > 0) output.WriteLine(Environment);
            return (int)ExitCode.Done;
        }
    }

    private sealed class Version : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"p2pcopy {typeof(HelpPage).Assembly.GetName().Version?.ToString(3)}");
            return (int)ExitCode.Done;
        }
    }
}
