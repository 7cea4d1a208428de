using System.CommandLine;
using System.CommandLine.Parsing;
using P2PCopy.Cli.Commands.Measuring;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.IO;

namespace P2PCopy.Cli.Commands;

/// <summary><c>p2pcopy bench [HOST]</c>: how fast this computer is, or the path to another one.</summary>
internal sealed class BenchCommand
{
    private const int DefaultSeconds = 10;

    private static readonly int MostSeconds = (int)PathMeasurement.LongestTime.TotalSeconds;

    private readonly ConnectionOptions _connection = new();
    private readonly RateOptions _rate = new();
    private readonly Argument<string?> _host = new("HOST")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The computer where 'p2pcopy bench --wait' runs: the ticket that it printed; or its ip:port or NAME:PORT, and then that side has to enter yours, too. Without HOST this computer is measured.",
    };

    private readonly Option<bool> _wait = new("--wait") { Description = "Wait for a peer who measures the path to this computer. No files are read or written, so no words are compared." };
    private readonly Option<int?> _seconds = new("--seconds")
    {
        HelpName = "N",
        Description = $"How long bytes flow each way, 1 to {MostSeconds}; {DefaultSeconds} unless given.",
        CustomParser = static result => ConnectionOptions.Number(result, 1, MostSeconds, $"write a number from 1 to {MostSeconds}"),
    };

    /// <summary>Builds the command.</summary>
    public Command Create(Surroundings surroundings)
    {
        var command = new Command("bench", "Measure how fast this computer can copy, or the path to a peer.");
        foreach (var option in (Option[])[_wait, _seconds, _connection.LocalPort, _connection.Stun, _connection.Ntp, _connection.Lan, _connection.IPv6, _connection.PortMap,
            _connection.Timeout, _connection.Qr, _connection.Json, _connection.Quiet, _connection.Verbose, _connection.Trace]) command.Add(option);
        _rate.AddTo(command);
        command.Add(_host);
        command.Validators.Add(Validate);
        command.SetAction(async (parsed, cancellation) => (int)await RunAsync(parsed, surroundings, cancellation).ConfigureAwait(false));
        return command;
    }

    private void Validate(CommandResult result)
    {
        var hasHost = result.GetResult(_host) is { Tokens.Count: > 0 };
        if (!result.GetValue(_wait)) return;
        if (hasHost) result.AddError("Either HOST is measured or --wait waits to be measured, not both.");
        if (result.GetResult(_seconds) is { Implicit: false }) result.AddError("How long it takes is said where the path is measured, not with --wait.");
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, Surroundings surroundings, CancellationToken cancellation)
    {
        surroundings = _connection.Prepare(surroundings, parsed);
        var each = TimeSpan.FromSeconds(parsed.GetValue(_seconds) ?? DefaultSeconds);
        var host = parsed.GetValue(_host) is { } named ? await NamedPeer.ResolveAsync(named, cancellation).ConfigureAwait(false) : null;
        var context = new CommandContext(surroundings, _connection, parsed, _connection.Read(parsed) with { Rate = _rate.Read(parsed), Peer = host });
        await using (context.ConfigureAwait(false))
        {
            if (parsed.GetValue(_wait)) return await new PathBench(context).ServeAsync(cancellation).ConfigureAwait(false);
            return host is not null
                ? await new PathBench(context).MeasureAsync(each, cancellation).ConfigureAwait(false)
                : await new ComputerBench(context).RunAsync(each, cancellation).ConfigureAwait(false);
        }
    }
}
