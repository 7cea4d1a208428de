using P2PCopy.Cli;
using P2PCopy.Cli.Commands;

namespace P2PCopy.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Theory]
    [InlineData("", "There is no command.")]
    [InlineData("sendr --file a", "There is no command sendr. Did you mean sender?")]
    [InlineData("--verison", "There is no option --verison. Did you mean --version?")]
    [InlineData("sender", "There is nothing to send: add --file PATH, or --text.")]
    [InlineData("sender --file", "Required argument missing for option: '--file'.")]
    [InlineData("sender --file a --text b", "Either files or --text can be sent, not both.")]
    [InlineData("sender - b", "Standard input (-) can be sent alone only.")]
    [InlineData("sender - --peer -", "Standard input cannot be both the content and the peer's ticket.")]
    [InlineData("sender --legacy a b", "With --legacy only a single file can be sent.")]
    [InlineData("sender --legacy --text b", "With --legacy only a single file can be sent.")]
    [InlineData("receiver - --legacy", "With --legacy nothing can be written to standard output.")]
    [InlineData("receiver --max-size lots", "'lots' cannot be used for --max-size: write a number of bytes, or as in 500M or 20G.")]
    [InlineData("sender --file a --stnu b", "There is no option --stnu. Did you mean --stun?")]
    [InlineData("sender --file a --lmit 5", "There is no option --lmit. Did you mean --limit?")]
    [InlineData("sender --file a --limit fast", "'fast' cannot be used for --limit: write bytes a second, at least 1000, such as 500k or 2M.")]
    [InlineData("sender --file a --limit 999", "'999' cannot be used for --limit")]
    [InlineData("receiver --polite", "There is no option --polite.")]
    [InlineData("sender --file a --lan", "Required argument missing for option: '--lan'.")]
    [InlineData("sender --file a --localport abc", "'abc' cannot be used for --localport: a port is a number from 1 to 65535.")]
    [InlineData("sender --file a --localport 99999", "'99999' cannot be used for --localport")]
    [InlineData("sender --file a --localport 0", "'0' cannot be used for --localport")]
    [InlineData("sender --file a --timeout -1", "'-1' cannot be used for --timeout: a time is a whole number of seconds, 0 or more.")]
    [InlineData("sender --file a --timeout 1 --timeout 2", "Option '--timeout' expects a single argument but 2 were provided.")]
    [InlineData("sender --file a --stun none --stun b", "cannot be used for --stun: write HOST or HOST:PORT, or 'none' alone.")]
    [InlineData("receiver --ntp a:b", "'a:b' cannot be used for --ntp")]
    [InlineData("receiver a b", "Unrecognized command or argument 'b'.")]
    [InlineData("receiver a --to b", "The folder is named twice, by --to and as DIR.")]
    [InlineData("receiver --overwrite --skip", "Only one of --overwrite, --rename and --skip can be given.")]
    [InlineData("receiver --legacy --peer 1.2.3.4", "'1.2.3.4' has no port.")]
    [InlineData("receiver --peer 1.2.3.4", "'1.2.3.4' cannot be used as your peer's ticket or address. This address has no port.")]
    [InlineData("receiver --ipv6 never", "'never' cannot be used for --ipv6: write auto or off.")]
    [InlineData("receiver --portmap yes", "'yes' cannot be used for --portmap: write auto, off, pcp, natpmp or upnp.")]
    [InlineData("nat --peer 1.2.3.4:5", "There is no option --peer.")]
    public async Task A_senseless_line_ends_with_a_sentence_and_code_1(string line, string sentence)
    {
        var code = await RunAsync(line);

        Assert.Equal((int)ExitCode.Usage, code);
        Assert.StartsWith("Error: ", _terminal.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, _terminal.Error, StringComparison.Ordinal);
        Assert.Single(_terminal.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(_terminal.Output);
    }

    [Theory]
    [InlineData("1000", 1000), InlineData("500k", 500_000), InlineData("2M", 2_000_000), InlineData("1.5m", 1_500_000), InlineData("10G", 10_000_000_000)]
    [InlineData("", 0), InlineData("k", 0), InlineData("-5k", 0), InlineData("1,5M", 0), InlineData("999", 0), InlineData("1e9", 0), InlineData("200G", 0), InlineData("NaN", 0)]
    public void A_rate_is_a_number_of_bytes_with_a_letter_for_thousands(string text, long rate)
    {
        Assert.Equal(rate > 0, RateOptions.TryParse(text, out var read));
        Assert.Equal(rate, read);
    }

    [Theory]
    [InlineData("sender --file {0}/nothing.bin --peer 127.0.0.1:9", ExitCode.NoSuchFile)]
    [InlineData("sender {0} {0}/nothing --peer 127.0.0.1:9", ExitCode.NoSuchFile)]
    [InlineData("receiver {0}/nothing --peer 127.0.0.1:9", ExitCode.LocalDisk)]
    [InlineData("demo --file {0}/nothing.bin", ExitCode.NoSuchFile)]
    public async Task A_path_that_is_not_there_is_noticed_before_anything_else(string line, object code)
    {
        var folder = Directory.CreateTempSubdirectory("p2pcopy-test-");
        try
        {
            Assert.Equal((int)code, await RunAsync(line.Replace("{0}", folder.FullName, StringComparison.Ordinal)));
            Assert.Empty(_terminal.Output);
            Assert.Contains(folder.FullName, _terminal.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete();
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("sender --help")]
    [InlineData("--help sender")]
    [InlineData("sender --localport abc --help")]
    [InlineData("receive -h")]
    public async Task Help_is_no_error(string line)
    {
        Assert.Equal(0, await RunAsync(line));
        Assert.Contains("Usage:\n  p2pcopy", _terminal.Output, StringComparison.Ordinal);
        Assert.Empty(_terminal.Error);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        Assert.Equal(0, await RunAsync("--version"));
        Assert.Matches(@"^p2pcopy \d+\.\d+\.\d+\n$", _terminal.Output);
    }

    [Theory]
    [InlineData("--file a sender", "sender --file a")]
    [InlineData("--localport 1 --file a sender --verbose", "sender --localport 1 --file a --verbose")]
    [InlineData("--file sender receiver", "receiver --file sender")]
    [InlineData("sender --file receiver", "sender --file receiver")]
    [InlineData("-- sender", "-- sender")]
    public void Words_may_stand_before_the_command_as_in_the_original(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', ArgumentReading.CommandFirst(line.Split(' '), CommandLine.Create(_terminal.Surroundings(false)))));

    [Fact]
    public void The_environment_fills_in_what_the_line_leaves_open()
    {
        _terminal.Variables["P2PCOPY_TIMEOUT"] = "5";
        _terminal.Variables["P2PCOPY_STUN"] = "a.example b.example";
        _terminal.Variables["P2PCOPY_YES"] = "1";
        _terminal.Variables["P2PCOPY_VERBOSE"] = "0";
        _terminal.Variables["P2PCOPY_LAN"] = "none";
        _terminal.Variables["P2PCOPY_IPV6"] = "off";
        _terminal.Variables["P2PCOPY_PORTMAP"] = "off";
        _terminal.Variables["P2PCOPY_VERIFY"] = "yes";
        _terminal.Variables["P2PCOPY_LOCALPORT"] = "7";

        Assert.Equal(
            "receiver --yes --stun a.example --stun b.example --lan none --ipv6 off --portmap off --timeout 5 --verify --localport 8 dir",
            string.Join(' ', WithEnvironment("receiver --localport 8 dir")));
    }

    [Fact]
    public void An_answer_about_existing_files_on_the_line_beats_another_in_the_environment()
    {
        _terminal.Variables["P2PCOPY_OVERWRITE"] = "1";

        Assert.Equal("receiver --skip", string.Join(' ', WithEnvironment("receiver --skip")));
        Assert.Equal("receiver --overwrite", string.Join(' ', WithEnvironment("receiver")));
    }

    [Theory]
    [InlineData("receiver --yes")]
    [InlineData("receive --yes --max-size 1G")]
    public async Task What_nobody_is_asked_about_goes_into_a_named_folder_only(string line)
    {
        Assert.Equal((int)ExitCode.Usage, await RunAsync(line));
        Assert.Contains("With --yes nobody is asked, so the folder to receive into must be named", _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_senseless_variable_is_named()
    {
        _terminal.Variables["P2PCOPY_TIMEOUT"] = "soon";

        Assert.Equal((int)ExitCode.Usage, await RunAsync("receiver"));
        Assert.Contains("It comes from the environment: P2PCOPY_TIMEOUT.", _terminal.Error, StringComparison.Ordinal);
    }

    private string[] WithEnvironment(string line)
    {
        var command = CommandLine.Create(_terminal.Surroundings(false)).Subcommands.Single(candidate => candidate.Name == line.Split(' ')[0]);
        return ArgumentReading.WithEnvironment(line.Split(' '), command, _terminal.Variables.GetValueOrDefault, out _);
    }

    private Task<int> RunAsync(string line) =>
        CommandLine.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), _terminal.Surroundings(false), TestContext.Current.CancellationToken);
}
