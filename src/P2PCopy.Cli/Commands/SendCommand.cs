using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using P2PCopy.Cli.Commands.Copying;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.IO;

namespace P2PCopy.Cli.Commands;

/// <summary><c>p2pcopy sender --file PATH...</c>, also <c>p2pcopy send PATH...</c>.</summary>
internal sealed class SendCommand
{
    /// <summary>The option that names the files.</summary>
    public const string FileName = "--file";

    private readonly ConnectionOptions _connection = new();
    private readonly RateOptions _rate = new();
    private readonly Option<string[]> _file = new(FileName)
    {
        HelpName = "PATH",
        Description = "The file or folder to send; repeat it for several. - sends standard input.",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _text = new("--text") { HelpName = "TEXT", Description = "Send this text instead of files: the receiver's program shows it." };
    private readonly Option<string?> _name = new("--name") { HelpName = "NAME", Description = "The name that standard input gets at the receiver: stdin unless given." };
    private readonly Option<bool> _links = new("--links") { Description = "Send symbolic links below a folder as links. Without it they are left out; they are never followed." };
    private readonly Option<bool> _renameUnsafe = new("--rename-unsafe") { Description = "Send what has a name that some system does not take, such as a:b or CON, under one that all take: _ stands for what is not taken. Without it that is left out." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Compare no words. Where words would have been asked for, whoever connects may then get the files." };
    private readonly Argument<string[]> _path = new("PATH") { Arity = ArgumentArity.ZeroOrMore, Description = "The files and folders to send, beside or instead of --file." };

    /// <summary>Builds the command.</summary>
    public Command Create(Surroundings surroundings)
    {
        var command = new Command("sender", "Send files and folders to a peer who runs 'p2pcopy receiver'.");
        command.Aliases.Add("send");
        foreach (var option in (Option[])[_file, _text, _name, _links, _renameUnsafe, _yes]) command.Add(option);
        _connection.AddTo(command);
        _rate.AddTo(command);
        command.Add(_path);
        command.Validators.Add(Validate);
        command.SetAction(async (parsed, cancellation) => (int)await RunAsync(parsed, surroundings, cancellation).ConfigureAwait(false));
        return command;
    }

    private void Validate(CommandResult result)
    {
        var files = result.GetResult(_file) is { } named ? named.Tokens.Select(token => token.Value).ToArray() : [];
        var paths = result.GetResult(_path) is { } given ? given.Tokens.Select(token => token.Value).ToArray() : [];
        string[] all = [.. files, .. paths];

        // An option without its argument is the parser's to complain about.
        if (result.GetResult(_file) is { } && files.Length == 0) return;
        var text = result.GetResult(_text) is { } said ? said.Tokens[^1].Value : null;
        if (text is not null && all.Length > 0) result.AddError("Either files or --text can be sent, not both.");
        else if (text is null && all.Length == 0) result.AddError("There is nothing to send: add --file PATH, or --text.");
        else if (text is not null && Encoding.UTF8.GetByteCount(text) > TreeSource.LongestText) result.AddError("That text is too long: put it into a file.");
        else if (all.Length > 1 && all.Contains(SendRequest.StandardInput)) result.AddError("Standard input (-) can be sent alone only.");
        else if (all is [SendRequest.StandardInput] && result.GetResult(_connection.Peer) is { Tokens: [{ Value: "-" }] })
            result.AddError("Standard input cannot be both the content and the peer's ticket.");
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, Surroundings surroundings, CancellationToken cancellation)
    {
        surroundings = _connection.Prepare(surroundings, parsed);
        var request = new SendRequest
        {
            Paths = [.. parsed.GetValue(_file) ?? [], .. parsed.GetValue(_path) ?? []],
            Text = parsed.GetValue(_text),
            Name = parsed.GetValue(_name),
            WithLinks = parsed.GetValue(_links),
            RenamesUnsafe = parsed.GetValue(_renameUnsafe),
        };
        var context = new CommandContext(request.IsStream ? surroundings.WithInputAsData() : surroundings, _connection, parsed, _rate.Read(parsed));
        await using (context.ConfigureAwait(false))
            return await new SendingCopy(context, request, surroundings.Input).RunAsync(parsed.GetValue(_yes), cancellation).ConfigureAwait(false);
    }
}
