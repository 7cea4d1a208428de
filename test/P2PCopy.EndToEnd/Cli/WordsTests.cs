using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>Users at terminals who do not hold each other's ticket, and so know each other by words.</summary>
public sealed class WordsTests : IDisposable
{
    private const string WordsPrompt = "Ask your peer for the two words on their screen and type them: ";

    private readonly CopyPair _pair = new();

    public WordsTests() => Assert.SkipUnless(ProgramRun.HasTerminals, "needs a pseudo-terminal");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task One_ticket_and_two_words_are_enough()
    {
        using var sender = _pair.StartSender(_pair.CreateFile("a.txt", 5));
        using var receiver = _pair.StartReceiverInTerminal(100);
        sender.Type(await receiver.AddressAsync());
        await receiver.SeeAsync(WordsPrompt);

        var words = await sender.WordsAsync();
        Assert.Matches(@"Someone with your ticket is here, from \S+, and wants to send\.", receiver.Output);
        Assert.DoesNotContain(words, receiver.Output, StringComparison.Ordinal);
        receiver.Type("Y");
        receiver.Type($"{words.ToUpperInvariant()} ");
        await AcceptAsync(receiver);

        await AssertDoneAsync(sender, receiver);
        Assert.Contains("peer known by words.", receiver.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bare_addresses_need_the_words_of_both_screens()
    {
        using var sender = _pair.StartSender(_pair.CreateFile("a.txt", 5));
        using var receiver = _pair.StartReceiverInTerminal(100);
        await ProgramRun.IntroduceByAddressAsync(sender, receiver);
        sender.Type(await receiver.WordsAsync());
        receiver.Type(await sender.WordsAsync());
        await AcceptAsync(receiver);

        await AssertDoneAsync(sender, receiver);
        Assert.Contains("peer NOT known yet.", sender.Error, StringComparison.Ordinal);
        Assert.Contains("The words agree: this is your peer.", sender.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_asks_for_words_though_both_have_tickets()
    {
        using var sender = _pair.StartSender(_pair.CreateFile("a.txt", 5), "--verify");
        using var receiver = _pair.StartReceiverInTerminal(100, "--verify");
        await ProgramRun.IntroduceAsync(sender, receiver);
        sender.Type(await receiver.WordsAsync());
        receiver.Type(await sender.WordsAsync());
        await AcceptAsync(receiver);

        await AssertDoneAsync(sender, receiver);
    }

    [Fact]
    public async Task Three_times_the_wrong_words_end_both_before_the_file_is_named()
    {
        using var sender = _pair.StartSender(_pair.CreateFile("secret-name.txt", 5));
        using var receiver = _pair.StartReceiverInTerminal(100);
        sender.Type(await receiver.AddressAsync());
        await receiver.SeeAsync(WordsPrompt);
        await sender.WordsAsync();
        for (var i = 0; i < 3; i++) receiver.Type("not these");

        Assert.Equal(8, await receiver.ExitAsync());
        Assert.Equal(8, await sender.ExitAsync());
        Assert.DoesNotContain("secret-name", receiver.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_who_leaves_gives_the_prompt_back()
    {
        using var stranger = _pair.StartSender(_pair.CreateFile("a.txt", 5));
        using var receiver = _pair.StartReceiverInTerminal(100);
        var ticket = await receiver.AddressAsync();
        stranger.Type(ticket);
        await receiver.SeeAsync(WordsPrompt);
        stranger.Process.Signal("INT");
        await receiver.SeeAsync("is gone.");
        Assert.Equal(130, await stranger.ExitAsync());

        using var sender = _pair.StartSender(_pair.CreateFile("b.txt", 5));
        sender.Type(ticket);
        receiver.Type(await sender.AddressAsync());
        await AcceptAsync(receiver);

        await AssertDoneAsync(sender, receiver);
    }

    [Fact]
    public async Task A_ticket_pasted_in_the_middle_of_the_copy_is_taken_and_disturbs_nothing()
    {
        using var sender = _pair.StartSender(_pair.CreateFile("big.bin", 40 << 20), "--limit", "10M");
        using var receiver = _pair.StartReceiverInTerminal(100, "--yes");
        await ProgramRun.IntroduceAsync(sender, receiver);
        await receiver.SeeAsync("#");
        receiver.Type("a stray line");
        receiver.Type(await sender.AddressAsync());
        await receiver.SeeAsync("New addresses of your peer are known; trying them.");

        await AssertDoneAsync(sender, receiver);
    }

    [Theory]
    [InlineData("y", 0)]
    [InlineData("", 4)]
    public async Task An_original_peer_is_met_in_clear_only_after_a_yes(string answer, int code)
    {
        using var original = _pair.StartSender(_pair.CreateFile("a.txt", 5), CopyPair.Legacy);
        using var receiver = _pair.StartReceiverInTerminal(100);
        await ProgramRun.IntroduceByAddressAsync(original, receiver);
        await receiver.SeeAsync("Continue? [y/N] ");
        receiver.Type(answer);
        if (code == 0) await AcceptAsync(receiver);

        Assert.Equal(code, await receiver.ExitAsync());
        if (code == 0) Assert.Equal(0, await original.ExitAsync());
        else original.Process.Kill();
    }

    [Fact]
    public async Task An_original_peer_is_refused_where_nobody_can_be_asked()
    {
        using var original = _pair.StartSender(_pair.CreateFile("a.txt", 5), CopyPair.Legacy);
        using var receiver = _pair.StartReceiver("--yes");
        await ProgramRun.IntroduceByAddressAsync(original, receiver);

        Assert.Equal(4, await receiver.ExitAsync());
        Assert.Contains("--legacy", receiver.Error, StringComparison.Ordinal);
        original.Process.Kill();
    }

    private static async Task AcceptAsync(ProgramRun receiver)
    {
        await receiver.SeeAsync("Receive it? [Y/n] ");
        receiver.Type("");
    }

    private static async Task AssertDoneAsync(ProgramRun sender, ProgramRun receiver)
    {
        var codes = (await sender.ExitAsync(), await receiver.ExitAsync());
        Assert.True(codes == (0, 0), $"{codes}\n{sender}\n{receiver}");
    }
}
