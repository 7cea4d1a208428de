using System.CommandLine;
using P2PCopy.Cli.Commands.Copying;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Cli.Commands;

/// <summary><c>p2pcopy receiver [DIR]</c>, also <c>p2pcopy receive [DIR]</c>.</summary>
internal sealed class ReceiveCommand
{
    /// <summary>The options that say what becomes of an existing file; one at most.</summary>
    public static readonly IReadOnlyList<string> ExistingNames = ["--overwrite", "--rename", "--skip"];

    private const string StandardOutput = "-";

    private readonly ConnectionOptions _connection = new();
    private readonly Argument<string?> _directory = new("DIR") { Arity = ArgumentArity.ZeroOrOne, Description = "The folder to receive into; the current one unless given. - writes a single file to standard output." };
    private readonly Option<string?> _to = new("--to") { HelpName = "DIR", Description = "The folder to receive into, instead of DIR." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Receive what is offered without asking, and compare no words. Where words would have been asked for, whoever connects may then write into the folder, which must be named. Without --max-size no more than half of the free space is taken." };
    private readonly Option<bool> _overwrite = new(ExistingNames[0]) { Description = "Replace a file that exists, once the new one is complete." };
    private readonly Option<bool> _rename = new(ExistingNames[1]) { Description = "Keep a file that exists and give the new one another name. This is the default." };
    private readonly Option<bool> _skip = new(ExistingNames[2]) { Description = "Keep a file that exists and do not receive the new one." };
    private readonly Option<bool> _links = new("--links") { Description = "Make the symbolic links that the peer sends, if they stay inside what is received." };
    private readonly Option<bool> _sensitive = new("--allow-sensitive") { Description = "Also receive what other programs obey unasked, such as .git or .bashrc. Without it that is left out." };
    private readonly Option<long?> _maxSize = new("--max-size")
    {
        HelpName = "SIZE",
        Description = "Refuse to receive more than this, as in 500M or 20G.",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (ByteCount.TryParse(text, out var bytes)) return bytes;
            result.AddError($"'{text}' cannot be used for --max-size: write a number of bytes, or as in 500M or 20G.");
            return null;
        },
    };

    /// <summary>Builds the command.</summary>
    public Command Create(Surroundings surroundings)
    {
        var command = new Command("receiver", "Receive files and folders from a peer who runs 'p2pcopy sender'.");
        command.Aliases.Add("receive");
        foreach (var option in (Option[])[_to, _yes, _overwrite, _rename, _skip, _links, _sensitive, _maxSize]) command.Add(option);
        _connection.AddTo(command);
        command.Add(_directory);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_to) is not null && result.GetResult(_directory) is { Tokens.Count: > 0 })
                result.AddError("The folder is named twice, by --to and as DIR.");
            if (result.GetValue(_yes) && result.GetResult(_to) is null && result.GetResult(_directory) is not { Tokens.Count: > 0 })
                result.AddError("With --yes nobody is asked, so the folder to receive into must be named: DIR or --to, as in 'p2pcopy receiver . --yes'.");
            if (((Option[])[_overwrite, _rename, _skip]).Count(option => result.GetResult(option) is { Implicit: false }) > 1)
                result.AddError("Only one of --overwrite, --rename and --skip can be given.");
            if (result.GetValue(_connection.Json) && (result.GetValue(_to) ?? result.GetValue(_directory)) == StandardOutput)
                result.AddError("Standard output cannot hold both the content and the events of --json.");
        });
        command.SetAction(async (parsed, cancellation) => (int)await RunAsync(parsed, surroundings, cancellation).ConfigureAwait(false));
        return command;
    }

    private ReceiveOptions Read(ParseResult parsed) => new()
    {
        Folder = Folder(parsed),
        Existing = parsed.GetValue(_overwrite) ? ExistingFile.Overwrite : parsed.GetValue(_skip) ? ExistingFile.Skip : ExistingFile.KeepBoth,
        Hash = _connection.ReadVerbosity(parsed) == Verbosity.Verbose,
        AllowLinks = parsed.GetValue(_links),
        AllowSensitive = parsed.GetValue(_sensitive),
        MaxSize = parsed.GetValue(_maxSize),
        IsUnattended = parsed.GetValue(_yes),
    };

    private string Folder(ParseResult parsed) => parsed.GetValue(_to) ?? parsed.GetValue(_directory) ?? ".";

    private async Task<ExitCode> RunAsync(ParseResult parsed, Surroundings surroundings, CancellationToken cancellation)
    {
        var options = Read(parsed);
        surroundings = _connection.Prepare(surroundings, parsed);
        var isStream = Folder(parsed) == StandardOutput;
        var context = new CommandContext(isStream ? surroundings.WithOutputAsData() : surroundings, _connection, parsed);
        await using (context.ConfigureAwait(false))
        {
            if (!isStream) return await new ReceivingCopy(context, options, parsed.GetValue(_yes), null).RunAsync(cancellation).ConfigureAwait(false);
            var output = surroundings.OpenOutput();
            await using (output.ConfigureAwait(false))
                return await new ReceivingCopy(context, options, parsed.GetValue(_yes), output).RunAsync(cancellation).ConfigureAwait(false);
        }
    }
}
