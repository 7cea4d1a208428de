using System.CommandLine;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.Cli.Commands;

/// <summary><c>p2pcopy sender --file PATH</c>, also <c>p2pcopy send PATH</c>.</summary>
internal sealed class SendCommand
{
    /// <summary>The option that names the file.</summary>
    public const string FileName = "--file";

    private readonly ConnectionOptions _connection = new();
    private readonly RateOptions _rate = new();
    private readonly Option<string?> _file = new(FileName) { HelpName = "PATH", Description = "The file to send." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Compare no words. Where words would have been asked for, whoever connects may then get the file." };
    private readonly Argument<string?> _path = new("PATH") { Arity = ArgumentArity.ZeroOrOne, Description = "The file to send, instead of --file." };

    /// <summary>Builds the command.</summary>
    public Command Create(Surroundings surroundings)
    {
        var command = new Command("sender", "Send a file to a peer who runs 'p2pcopy receiver'.");
        command.Aliases.Add("send");
        command.Add(_file);
        command.Add(_yes);
        _connection.AddTo(command);
        _rate.AddTo(command);
        command.Add(_path);
        command.Validators.Add(result =>
        {
            var both = result.GetResult(_file) is not null && result.GetResult(_path) is { Tokens.Count: > 0 };
            if (both) result.AddError("The file is named twice, by --file and as PATH.");
            else if (result.GetResult(_file) is null && result.GetResult(_path) is not { Tokens.Count: > 0 })
                result.AddError("There is no file to send: add --file PATH.");
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(_file) ?? parsed.GetValue(_path)!, parsed.GetValue(_yes), new CommandContext(surroundings, _connection, parsed, _rate.Read(parsed)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, bool yes, CommandContext context, CancellationToken cancellation)
    {
        // Before anything else: a wrong path must not cost the peer a minute.
        if (!FileSource.TryOpen(path, out var source, out var failure)) return (int)CopyEnd.Tell(context.Screen, failure!);
        using (source)
        {
            var meeting = context.CreateMeeting(sends: true, waivesWords: yes);
            await using (meeting.ConfigureAwait(false))
            {
                var stream = await meeting.MeetAsync(cancellation).ConfigureAwait(false);
                var options = new SendOptions { Hash = context.Verbosity == Verbosity.Verbose, StallLimit = meeting.Patience.ForPeer };
                while (true)
                {
                    context.Screen.Note($"Sending {CopyEnd.Describe(source!.Name, source.Size)}. Your peer is asked whether to receive it.");
                    var display = context.ShowProgress(stream);
                    var outcome = await new CopyRunner(CopyConnection.Over(stream), display.Show).SendAsync(source, options, cancellation).ConfigureAwait(false);
                    if (await meeting.MeetAgainAsync(stream, outcome, cancellation).ConfigureAwait(false) is { } again) stream = again;
                    else return (int)CopyEnd.Tell(context.Screen, outcome, display.Begin, source.Path);
                }
            }
        }
    }
}
