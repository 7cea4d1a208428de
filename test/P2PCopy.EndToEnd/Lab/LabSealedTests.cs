using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Two users who exchange tickets, through real routers: who needs less than two, and who cannot meet at all.</summary>
[Collection(LabCollection.Name)]
public sealed class LabSealedTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabSealedTests()
    {
        _net = new LabTopology(_lab);
        LabServers.Start(_net);
    }

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task Who_can_be_reached_needs_no_ticket_but_two_words()
    {
        var copy = new LabCopy(_net.AddHost("sender", LabNat.FullCone), _net.AddHost("receiver", LabNat.Symmetric), LabServers.StunWords).WithBytes(1_000_000);
        var (sender, receiver) = (copy.StartSender(), copy.StartReceiver());
        receiver.Type(await sender.AddressAsync());
        sender.Type("");
        sender.Type(await receiver.WordsAsync());
        await copy.AssertDoneAsync(sender, receiver, Limit);
        Assert.Contains("one ticket is enough", sender.Process.Transcript, StringComparison.Ordinal);
        Assert.Contains("peer known by words.", sender.Process.Transcript, StringComparison.Ordinal);
    }

    [LabFact]
    public async Task A_pair_that_cannot_meet_is_told_so_at_once()
    {
        var copy = new LabCopy(_net.AddHost("sender", LabNat.Symmetric), _net.AddHost("receiver", LabNat.Symmetric), LabServers.StunWords).WithBytes(1000);
        var (sender, receiver) = (copy.StartSender("--timeout", "5"), copy.StartReceiver("--timeout", "5"));
        await ProgramRun.IntroduceAsync(sender, receiver);
        var said = await sender.AssertEndsAsync(3, Limit);
        await receiver.AssertEndsAsync(3, Limit);
        Assert.Contains("You: Symmetric, your peer: Symmetric: the internet cannot connect such a pair.", said, StringComparison.Ordinal);
        Assert.Contains("your firewall is Symmetric", said, StringComparison.Ordinal);
    }

    [LabFact]
    public async Task A_provider_that_gives_another_address_stops_a_copy_until_the_new_ticket_is_pasted()
    {
        const string slowLink = "--rate 20M --delay 5ms --queue 64k";
        var from = await _net.AddHostAsync("sender", slowLink, LabNat.PortRestricted);
        var to = _net.AddHost("receiver", LabNat.PortRestricted);
        var copy = new LabCopy(from, to, LabServers.StunWords).WithBytes(20_000_000);
        var sender = copy.StartSender();
        var receiver = to.StartProgramInTerminal(["receiver", "--to", copy.TargetFolder, "--yes", .. LabServers.StunWords]);
        await copy.PasteAsync(sender, receiver);
        await copy.WaitUntilUnderWayAsync();

        var (router, former) = (from.Routers[0], from.PublicAddress);
        var network = former[..former.LastIndexOf('.')];
        router.Ip($"addr del {former}/24 dev wan\naddr add {network}.77/24 dev wan");
        router.Ip($"route replace default via {network}.1");
        router.Run("conntrack", "-F");

        var line = await sender.Process.WaitForWordsAsync($"Tell this to your peer: {network}.77:", Limit);
        receiver.Type(line.Split("Tell this to your peer: ")[1]);
        await copy.AssertDoneAsync(sender, receiver, Limit);
        Assert.Contains("Your address changed.", sender.Process.Transcript, StringComparison.Ordinal);
    }

    [LabFact]
    public async Task A_router_that_forgets_everything_stops_no_copy()
    {
        const string slowLink = "--rate 20M --delay 5ms --queue 64k";
        var from = await _net.AddHostAsync("sender", slowLink, LabNat.PortRestricted);
        var copy = new LabCopy(from, _net.AddHost("receiver", LabNat.PortRestricted), LabServers.StunWords);
        var (sender, receiver) = await copy.WithBytes(20_000_000).ConnectAsync();
        await copy.WaitUntilUnderWayAsync();
        from.Routers[0].Run("conntrack", "-F");
        await copy.AssertDoneAsync(sender, receiver, Limit);
    }
}
