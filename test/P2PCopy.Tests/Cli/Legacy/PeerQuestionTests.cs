using P2PCopy.Cli.Commands;
using P2PCopy.Cli.Commands.Legacy;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;

namespace P2PCopy.Tests.Cli.Legacy;

public sealed class PeerQuestionTests : IDisposable
{
    private static readonly UdpEndpoint Own = UdpEndpoint.FromIPv4(0x01020304, 5);

    private readonly FakeTerminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task On_a_terminal_it_is_asked_until_the_answer_makes_sense()
    {
        _terminal.Type("nonsense\n\n1.2.3.4:5\n <188.44.136.7:21300> \n");

        Assert.Equal("188.44.136.7:21300", (await AskAsync(true, null)).ToString());
        Assert.Equal(4, _terminal.Output.Split("Enter the ip:port of your peer: ").Length - 1);
        Assert.Contains("'nonsense' is not an address.", _terminal.Output, StringComparison.Ordinal);
        Assert.Contains("'1.2.3.4:5' is your own address.", _terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_script_the_first_line_counts()
    {
        _terminal.Type("nonsense\n188.44.136.7:21300\n");

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => AskAsync(false, null));

        Assert.Equal(P2PCopy.Cli.ExitCode.Usage, failure.Report.Code);
    }

    [Fact]
    public async Task The_end_of_the_input_is_no_answer()
    {
        _terminal.EndInput();

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => AskAsync(false, "-"));

        Assert.Contains("The input ended before one was given.", failure.Report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_on_the_command_line_is_not_asked_for()
    {
        Assert.Equal("188.44.136.7:21300", (await AskAsync(true, "188.44.136.7:21300")).ToString());
        Assert.Empty(_terminal.Output);
    }

    [Fact]
    public async Task What_was_typed_cannot_draw_on_the_terminal()
    {
        _terminal.Type("\e[2J\n188.44.136.7:21300\n");

        await AskAsync(true, null);

        Assert.DoesNotContain('\e', _terminal.Output);
    }

    private Task<UdpEndpoint> AskAsync(bool terminal, string? given)
    {
        var context = new CommandContext(_terminal.Surroundings(terminal), new ConnectionSettings { Peer = given }, Verbosity.Normal);
        return new PeerQuestion(context).AskAsync(() => [Own], TestContext.Current.CancellationToken);
    }
}
