using P2PCopy.Cli.Commands;
using P2PCopy.Cli.Commands.Copying;

namespace P2PCopy.Tests.Cli.Copying;

/// <summary>The command that goes on is the one that was given, but for what belongs to a single run.</summary>
public sealed class ResumeCommandTests
{
    [Theory]
    [InlineData("sender a", "")]
    [InlineData("sender --file a --links --rename-unsafe --limit 2M --polite", "--links --rename-unsafe --limit 2M --polite")]
    [InlineData("sender a --peer 203.0.113.7:1 --json --quiet --verbose --qr --trace t", "")]
    [InlineData("receiver /in --yes --overwrite --max-size 20G --allow-sensitive", "--yes --overwrite --allow-sensitive --max-size 20G")]
    [InlineData("receiver --to /in --skip", "--skip")]
    [InlineData("receiver /in --stun a.example --stun b.example:3479 --ntp none --timeout 0", "--stun a.example --stun b.example:3479 --ntp none --timeout 0")]
    [InlineData("receiver /in --localport 4300 --lan none --ipv6 off --portmap pcp --verify", "--localport 4300 --lan none --ipv6 off --portmap pcp --verify")]
    public void What_was_given_is_given_again(string given, string again) => Assert.Equal(again, string.Join(' ', OptionsOf(given.Split(' '))));

    [Fact]
    public void What_comes_from_the_environment_counts_as_given()
    {
        using var terminal = new FakeTerminal();
        var surroundings = terminal.Surroundings(false) with { Variable = name => name == "P2PCOPY_TIMEOUT" ? "60" : null };
        Assert.Equal(["--timeout 60"], ResumeCommand.OptionsOf(CommandLine.Parse(["receiver", "/in"], surroundings)));
    }

    [Fact]
    public void A_shell_reads_it_as_it_was()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "its shells quote otherwise");
        Assert.Equal("p2pcopy receiver '/my files/it'\\''s' --stun '[2001:db8::1]:3478'", ResumeCommand.OfReceiver("/my files/it's", OptionsOf("receiver", "/in", "--stun", "[2001:db8::1]:3478")));
        Assert.Equal("p2pcopy sender --file /a --file '/b c' --links", ResumeCommand.OfSender(new SendRequest { Paths = ["/a", "/b c"] }, OptionsOf("sender", "/a", "/b c", "--links")));
    }

    private static IReadOnlyList<string> OptionsOf(params string[] words)
    {
        using var terminal = new FakeTerminal();
        return ResumeCommand.OptionsOf(CommandLine.Parse(words, terminal.Surroundings(false)));
    }
}
