using System.CommandLine;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands;

/// <summary><c>p2pcopy receiver [DIR]</c>, also <c>p2pcopy receive [DIR]</c>.</summary>
internal sealed class ReceiveCommand
{
    /// <summary>The options that say what becomes of an existing file; one at most.</summary>
    public static readonly IReadOnlyList<string> ExistingNames = ["--overwrite", "--rename", "--skip"];

    private readonly ConnectionOptions _connection = new();
    private readonly Argument<string?> _directory = new("DIR") { Arity = ArgumentArity.ZeroOrOne, Description = "The folder to receive into; the current one unless given." };
    private readonly Option<string?> _to = new("--to") { HelpName = "DIR", Description = "The folder to receive into, instead of DIR." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Receive what is offered without asking, and compare no words. Where words would have been asked for, whoever connects may then write into the folder." };
    private readonly Option<bool> _overwrite = new(ExistingNames[0]) { Description = "Replace a file that exists, once the new one is complete." };
    private readonly Option<bool> _rename = new(ExistingNames[1]) { Description = "Keep a file that exists and give the new one another name. This is the default." };
    private readonly Option<bool> _skip = new(ExistingNames[2]) { Description = "Keep a file that exists and refuse the new one." };

    /// <summary>Builds the command.</summary>
    public Command Create(Surroundings surroundings)
    {
        var command = new Command("receiver", "Receive a file from a peer who runs 'p2pcopy sender'.");
        command.Aliases.Add("receive");
        foreach (var option in (Option[])[_to, _yes, _overwrite, _rename, _skip]) command.Add(option);
        _connection.AddTo(command);
        command.Add(_directory);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_to) is not null && result.GetResult(_directory) is { Tokens.Count: > 0 })
                result.AddError("The folder is named twice, by --to and as DIR.");
            if (((Option[])[_overwrite, _rename, _skip]).Count(option => result.GetResult(option) is { Implicit: false }) > 1)
                result.AddError("Only one of --overwrite, --rename and --skip can be given.");
        });
        command.SetAction((parsed, cancellation) => RunAsync(Read(parsed), parsed.GetValue(_yes), new CommandContext(surroundings, _connection, parsed), cancellation));
        return command;
    }

    private ReceiveOptions Read(ParseResult parsed) => new()
    {
        Folder = parsed.GetValue(_to) ?? parsed.GetValue(_directory) ?? ".",
        Existing = parsed.GetValue(_overwrite) ? ExistingFile.Overwrite : parsed.GetValue(_skip) ? ExistingFile.Skip : ExistingFile.KeepBoth,
        Hash = _connection.ReadVerbosity(parsed) == Verbosity.Verbose,
    };

    private static async Task<int> RunAsync(ReceiveOptions options, bool yes, CommandContext context, CancellationToken cancellation)
    {
        if (!Directory.Exists(options.Folder))
            throw new CommandFailedException(new ErrorReport(
                ExitCode.LocalDisk,
                $"Cannot receive into {DisplayText.Escape(options.Folder)}.",
                File.Exists(options.Folder) ? "It is a file, not a folder." : "There is no such folder.",
                "Create it, or name another one."));

        var meeting = context.CreateMeeting(sends: false, waivesWords: yes);
        await using (meeting.ConfigureAwait(false))
        {
            var stream = await meeting.MeetAsync(cancellation).ConfigureAwait(false);
            var patience = meeting.Patience;
            options = options with { StallLimit = patience.ForPeer, DecisionLimit = patience.ForUser };
            var question = new OfferQuestion(context, options.Existing, patience, yes);
            while (true)
            {
                var display = context.ShowProgress(stream);
                var outcome = await new CopyRunner(CopyConnection.Over(stream), display.Show).ReceiveAsync(options, question.DecideAsync, cancellation).ConfigureAwait(false);
                if (await meeting.MeetAgainAsync(stream, outcome, cancellation).ConfigureAwait(false) is { } again) stream = again;
                else return (int)CopyEnd.Tell(context.Screen, outcome, display.Begin);
            }
        }
    }
}
