using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Users who exchanged less than two tickets, or want to be sure, and those who cannot meet at all.</summary>
[Collection(LabCollection.Name)]
public sealed class LabSealedWordsTests : IDisposable
{
    private const string WordsQuestion = "Ask your peer for the two words on their screen and type them: ";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabSealedWordsTests()
    {
        _net = new LabTopology(_lab);
        LabServers.Start(_net);
    }

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public Task One_ticket_is_enough_where_its_owner_can_be_reached() => Task.WhenAll(
        OneTicketAsync("port-restricted to public", LabNat.PortRestricted),
        OneTicketAsync("symmetric to full cone", LabNat.Symmetric, LabNat.FullCone),
        OneTicketByIPv6Async(),
        WrongWordsAsync(),
        WaivedWordsAsync());

    [LabFact]
    public Task Words_are_compared_both_ways_where_addresses_are_all_there_is_or_users_ask_for_it() => Task.WhenAll(
        BothWordsAsync("bare addresses", ProgramRun.IntroduceByAddressAsync),
        BothWordsAsync("two tickets and --verify", ProgramRun.IntroduceAsync, "--verify"),
        SameRolesAsync(),
        HopelessAsync());

    private async Task OneTicketAsync(string name, LabNat sender, params LabNat[] receiver)
    {
        var (copy, from, to) = Start(name, [sender], receiver);
        from.Type(await to.AddressAsync());
        await to.SeeAsync(WordsQuestion);
        var words = await from.WordsAsync();
        Assert.DoesNotContain(words, to.Output, StringComparison.Ordinal);
        to.Type(words);
        await FinishAsync(copy, from, to);
        Assert.Contains("one ticket is enough", to.Output, StringComparison.Ordinal);
        Assert.Contains("peer known by words.", to.Output, StringComparison.Ordinal);
        Assert.Contains("peer known by ticket.", from.Error, StringComparison.Ordinal);
    }

    // Behind the same routers IPv4 would need both tickets, and does not pass at all.
    private async Task OneTicketByIPv6Async()
    {
        var (sending, receiving) = (_net.AddHost("v6-from", LabNat.UdpBlocked), _net.AddHost("v6-to", LabNat.UdpBlocked));
        _net.AddIPv6(sending);
        _net.AddIPv6(receiving, isOpen: true);
        var copy = new LabCopy(sending, receiving, LabServers.StunWordsOfBothFamilies).Named("firewall to open IPv6").WithBytes(1_000_000);
        var (from, to) = (copy.StartSender(), copy.StartReceiverInTerminal());
        from.Type(await to.AddressAsync());
        await to.SeeAsync(WordsQuestion);
        to.Type(await from.WordsAsync());
        await FinishAsync(copy, from, to);
        Assert.Contains("Anyone who has IPv6 and your ticket can reach you", to.Output, StringComparison.Ordinal);
        Assert.Contains("peer known by words.", to.Output, StringComparison.Ordinal);
    }

    private async Task WrongWordsAsync()
    {
        var (copy, from, to) = Start("wrong words", [LabNat.PortRestricted], [LabNat.FullCone]);
        from.Type(await to.AddressAsync());
        await to.SeeAsync(WordsQuestion);
        await from.WordsAsync();
        foreach (var wrong in new[] { "not these", "nor these", "never mind" }) to.Type(wrong);
        await to.AssertEndsAsync(8, Limit);
        await from.AssertEndsAsync(8, Limit);
        Assert.DoesNotContain(Path.GetFileName(copy.SourceFile), to.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(copy.TargetFolder));
    }

    private async Task WaivedWordsAsync()
    {
        var copy = MakeCopy("waived", [LabNat.PortRestricted], []);
        var (from, to) = (copy.StartSender(), copy.StartReceiver());
        from.Type(await to.AddressAsync());
        to.Type("");
        await copy.AssertDoneAsync(from, to, Limit);
        Assert.Contains("Nobody compares words, as --yes says: whoever answers at ", to.Error, StringComparison.Ordinal);
    }

    private async Task BothWordsAsync(string name, Func<ProgramRun, ProgramRun, Task> introduce, params string[] words)
    {
        var (copy, from, to) = Start(name, [LabNat.PortRestricted], [LabNat.PortRestricted], words);
        await introduce(from, to);
        from.Type(await to.WordsAsync());
        to.Type(await from.WordsAsync());
        await FinishAsync(copy, from, to);
        Assert.Contains("The words agree: this is your peer.", to.Output, StringComparison.Ordinal);
    }

    private async Task SameRolesAsync()
    {
        var copy = MakeCopy("same roles", [LabNat.PortRestricted], [LabNat.PortRestricted]);
        var other = MakeCopy("same roles too", [LabNat.PortRestricted], [LabNat.PortRestricted]);
        var (one, two) = (copy.StartSender(), other.StartSender());
        await ProgramRun.IntroduceAsync(one, two);
        foreach (var run in new[] { one, two })
            Assert.Contains("Your peer also wants to send. One of you has to start 'p2pcopy receiver' instead.", await run.AssertEndsAsync(1, Limit), StringComparison.Ordinal);
    }

    private async Task HopelessAsync()
    {
        var copy = MakeCopy("hopeless", [LabNat.Symmetric], [LabNat.Symmetric]);
        var (from, to) = (copy.StartSender(), copy.StartReceiver());
        await ProgramRun.IntroduceAsync(from, to);
        var said = await from.AssertEndsAsync(3, Limit);
        await to.AssertEndsAsync(3, Limit);
        Assert.Contains("You: Symmetric, your peer: Symmetric: the internet cannot connect such a pair.", said, StringComparison.Ordinal);
        Assert.Contains("Your network and that of your peer cannot be connected directly.", said, StringComparison.Ordinal);
    }

    private (LabCopy Copy, ProgramRun From, ProgramRun To) Start(string name, LabNat[] sender, LabNat[] receiver, params string[] words)
    {
        var copy = MakeCopy(name, sender, receiver, words);
        return (copy, copy.StartSender(), copy.StartReceiverInTerminal());
    }

    private LabCopy MakeCopy(string name, LabNat[] sender, LabNat[] receiver, params string[] words)
    {
        var word = string.Concat(name.Where(char.IsLetter));
        return new LabCopy(_net.AddHost($"from-{word}", sender), _net.AddHost($"to-{word}", receiver), [.. LabServers.StunWords, .. words])
            .Named(name).WithBytes(500_000);
    }

    private static async Task FinishAsync(LabCopy copy, ProgramRun from, ProgramRun to)
    {
        await to.SeeAsync("Receive it? [Y/n] ");
        to.Type("");
        await copy.AssertDoneAsync(from, to, Limit);
    }
}
