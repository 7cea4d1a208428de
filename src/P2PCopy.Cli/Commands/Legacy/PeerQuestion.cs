using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.Transfer.Connecting;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Legacy;

/// <summary>Gets the peer's address: from the command line, or by asking until the answer makes sense.</summary>
internal sealed class PeerQuestion(CommandContext context)
{
    private const string Question = "Enter the ip:port of your peer: ";
    private const string FromInput = "-";

    private readonly Screen _screen = context.Screen;
    private readonly string? _given = context.Connection.Peer;

    /// <summary>Refuses a senseless <c>--peer</c> at once, not after the network was asked.</summary>
    public void CheckGiven()
    {
        if (_given is null or FromInput) return;
        var fault = PeerAddress.TryRead(_given, [], out _);
        if (fault != PeerAddressFault.None) throw Refusal(_given, fault);
    }

    /// <summary>The peer's address.</summary>
    /// <param name="own">This side's addresses at the time of the answer.</param>
    /// <param name="cancellation">Ends the waiting for an answer.</param>
    public async Task<UdpEndpoint> AskAsync(Func<UdpEndpoint[]> own, CancellationToken cancellation)
    {
        if (_given is not (null or FromInput)) return Accept(_given, own());

        while (true)
        {
            var line = await ReadAsync(cancellation).ConfigureAwait(false) ?? throw new CommandFailedException(new ErrorReport(
                ExitCode.Usage, "There is no address of the peer.", "The input ended before one was given.", "Type it at the prompt, or give it with --peer."));
            var fault = PeerAddress.TryRead(line, own(), out var peer);
            if (fault == PeerAddressFault.None) return peer;
            if (!context.Surroundings.InputIsTerminal) throw Refusal(line, fault);
            _screen.Answer(Explain(line, fault));
        }
    }

    private async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        _screen.Prompt(Question);
        try
        {
            var line = await context.Input.ReadLineAsync(cancellation).ConfigureAwait(false);
            if (line is null) _screen.AbandonPrompt();
            else _screen.EndPrompt();
            return line;
        }
        catch (OperationCanceledException)
        {
            _screen.AbandonPrompt();
            throw;
        }
    }

    private static UdpEndpoint Accept(string text, UdpEndpoint[] own)
    {
        var fault = PeerAddress.TryRead(text, own, out var peer);
        return fault == PeerAddressFault.None ? peer : throw Refusal(text, fault);
    }

    private static CommandFailedException Refusal(string text, PeerAddressFault fault) =>
        new(new ErrorReport(ExitCode.Usage, "The address of the peer cannot be used.", Explain(text, fault), "Give the ip:port that your peer's program printed."));

    /// <summary>What is wrong with an answer, and what was expected.</summary>
    internal static string Explain(string text, PeerAddressFault fault)
    {
        var shown = $"'{DisplayText.Escape(text.Trim(), 60)}'";
        return fault switch
        {
            PeerAddressFault.Empty => "Nothing was entered. Your peer's program prints the line to enter: an address like 188.44.136.7:21300.",
            PeerAddressFault.NoPort => $"{shown} has no port. It looks like 188.44.136.7:21300, with a colon and a number behind the address.",
            PeerAddressFault.BadPort => $"{shown} has no valid port: that is a number from 1 to 65535.",
            PeerAddressFault.HostName => $"{shown} is a name. An address in numbers is needed, like 188.44.136.7:21300.",
            PeerAddressFault.IPv6 => $"{shown} is an IPv6 address. This version connects over IPv4 only, like 188.44.136.7:21300.",
            PeerAddressFault.NotAPeer => $"{shown} is not the address of one computer.",
            PeerAddressFault.Ticket => $"{shown} is a ticket of another version. Enter only the part before the '-', and let your peer add --legacy.",
            PeerAddressFault.Own => $"{shown} is your own address. Give it to your peer, and enter the one that your peer's program printed.",
            _ => $"{shown} is not an address. It looks like 188.44.136.7:21300.",
        };
    }
}
