using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>Two processes of the built program copy files over a sealed link, started by users with pipes.</summary>
public sealed class SealedCopyTests : IDisposable
{
    private const string ToReadOut = "Read the words of your screen to your peer: ";

    private readonly CopyPair _pair = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData("empty.bin", 0)]
    [InlineData("one", 1)]
    [InlineData("ein Büchlein 書.pdf", 20_000_003)]
    public async Task A_file_arrives_whole_under_its_name(string name, long bytes)
    {
        var path = _pair.CreateFile(name, bytes);
        using var receiver = _pair.StartReceiver("--yes");
        using var sender = _pair.StartSender(path);
        await ProgramRun.IntroduceAsync(sender, receiver);

        await AssertDoneAsync(sender, receiver);
        var arrived = Assert.Single(_pair.Target.GetFileSystemInfos());
        Assert.Equal(name, arrived.Name);
        Assert.Equal(await File.ReadAllBytesAsync(path, Cancellation), await File.ReadAllBytesAsync(arrived.FullName, Cancellation));
    }

    [Fact]
    public async Task Both_tell_the_lines_that_scripts_read_in_their_order()
    {
        using var receiver = _pair.StartReceiver("--yes", "--verbose");
        using var sender = _pair.StartSender(_pair.CreateFile("a.bin", 3_000_000), "--verbose");

        // With --yes it would take whoever comes before it was told whom to expect.
        receiver.Type(await sender.AddressAsync());
        await receiver.Process.WaitForWordsAsync("Waiting for your peer", TimeSpan.FromSeconds(90));
        sender.Type(await receiver.AddressAsync());

        await AssertDoneAsync(sender, receiver);
        var metBeforeBothPasted = receiver.Output.Contains(ToReadOut, StringComparison.Ordinal);
        foreach (var (run, last) in new[] { (sender, "Sent 2.86 MB in "), (receiver, "Received 2.86 MB in ") })
        {
            // Who has not pasted yet when the other one has is told of a stranger, and asked for words as long as nothing is pasted; the
            // other one shows them.
            Assert.Collection(
                run.Output.TrimEnd().Split('\n').Where(line => !line.StartsWith("Someone with your ticket is here, from ", StringComparison.Ordinal)
                    && !line.StartsWith("Ask your peer for the two words ", StringComparison.Ordinal)
                    && !line.StartsWith(ToReadOut, StringComparison.Ordinal)),
                line => Assert.StartsWith("Your firewall is ", line, StringComparison.Ordinal),
                line => Assert.Matches(@"^Tell this to your peer: (\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):\d+-[0-9a-z]{70,}$", line),
                line => Assert.Equal("Enter the ip:port of your peer: ", line),
                line => Assert.Matches(@"^0 - Trying to connect to \S+\. Connected successfully to \S+$", line),
                line => Assert.StartsWith(last, line, StringComparison.Ordinal),
                line => Assert.Matches("^SHA-256: [0-9a-f]{64}$", line));
            Assert.DoesNotContain('\r', run.Output + run.Error);
            Assert.DoesNotContain('\e', run.Output + run.Error);
            Assert.Matches($"encrypted, peer known by ticket\\.{(metBeforeBothPasted ? "" : " Words: ([A-Za-z]+ ){3}[A-Za-z]+\n")}", run.Error);
        }

        if (!metBeforeBothPasted) Assert.Equal(WordsOf(sender), WordsOf(receiver));
        Assert.Equal(sender.Output.Split("SHA-256: ")[1], receiver.Output.Split("SHA-256: ")[1]);
    }

    [Fact]
    public async Task Tickets_can_stand_on_the_command_line()
    {
        using var receiver = _pair.StartReceiver("--yes");
        using var sender = _pair.StartSender(_pair.CreateFile("a.txt", 5), "--peer", await receiver.AddressAsync());
        receiver.Type(await sender.AddressAsync());

        await AssertDoneAsync(sender, receiver);
        Assert.DoesNotContain("Enter the ip:port", sender.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_words_are_waived_one_ticket_is_enough()
    {
        using var receiver = _pair.StartReceiver("--yes");
        using var sender = _pair.StartSender(_pair.CreateFile("a.txt", 5));
        receiver.Process.EndInput();
        sender.Type(await receiver.AddressAsync());

        await AssertDoneAsync(sender, receiver);
        Assert.Contains("Nobody compares words, as --yes says", receiver.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_IPv6_it_goes_by_IPv4()
    {
        using var receiver = _pair.StartReceiver("--yes", "--ipv6", "off");
        using var sender = _pair.StartSender(_pair.CreateFile("a.txt", 5), "--ipv6", "off");
        await ProgramRun.IntroduceAsync(sender, receiver);

        await AssertDoneAsync(sender, receiver);
        Assert.DoesNotContain("[", sender.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_while_the_peer_is_waited_for_ends_at_once()
    {
        using var receiver = _pair.StartReceiver("--yes");
        using var absent = _pair.StartSender(_pair.CreateFile("a.txt", 5));
        receiver.Type(await absent.AddressAsync());
        await receiver.Process.WaitForWordsAsync("Waiting for your peer", TimeSpan.FromSeconds(90));

        receiver.Process.Signal("INT");

        Assert.Equal(130, await receiver.ExitAsync());
        absent.Process.Kill();
    }

    [Fact]
    public async Task Both_sides_know_at_once_when_one_stops_in_the_middle()
    {
        using var receiver = _pair.StartReceiver("--yes");
        using var sender = _pair.StartSender(_pair.CreateSolidFile("big.bin", 4L << 30));
        await ProgramRun.IntroduceAsync(sender, receiver);
        await receiver.WaitUntilConnectedAsync();
        await Eventually.IsTrueAsync(
            () => _pair.Target.EnumerateFiles().Any(), "the copy is under way", TimeSpan.FromSeconds(90));

        sender.Process.Signal("INT");

        Assert.Equal(130, await sender.ExitAsync());
        Assert.Equal(5, await receiver.ExitAsync());
        Assert.All(_pair.Target.GetFiles(), file => Assert.Contains(".p2p-", file.Name, StringComparison.Ordinal));
        Assert.Contains($"To go on: p2pcopy sender --file {_pair.Source.FullName}/big.bin", sender.Error, StringComparison.Ordinal);
        Assert.Contains($"To go on: p2pcopy receiver {_pair.Target.FullName}", receiver.Error, StringComparison.Ordinal);
    }

    private static string WordsOf(ProgramRun run) => run.Error.Split("Words: ")[1].Split('\n')[0];

    private static async Task AssertDoneAsync(ProgramRun sender, ProgramRun receiver)
    {
        var codes = (await sender.ExitAsync(), await receiver.ExitAsync());
        Assert.True(codes == (0, 0), $"{codes}\n{sender}\n{receiver}");
    }
}
