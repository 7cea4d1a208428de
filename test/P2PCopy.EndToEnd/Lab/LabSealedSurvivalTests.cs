namespace P2PCopy.EndToEnd.Lab;

/// <summary>What a copy between two users with tickets lives through: it goes on where it was and ends with the same file.</summary>
[Collection(LabCollection.Name)]
public sealed class LabSealedSurvivalTests : IDisposable
{
    // A copy takes about 7 s here, and is in its first quarter when something happens to it.
    private const string SlowLink = "--rate 8M --delay 5ms --queue 64k";
    private const int FileBytes = 7_000_000;
    private const int UnderWay = 1_000_000;

    private const string Moved = "The path moved to ";
    private const string HeardAgain = "Your peer is heard again.";
    private const string NewTicketTaken = "New addresses of your peer are known; trying them.";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan BlackOut = TimeSpan.FromSeconds(30);

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabSealedSurvivalTests()
    {
        _net = new LabTopology(_lab);
        LabServers.Start(_net);
    }

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public Task Routers_may_forget_it_and_give_it_other_ports() => Task.WhenAll(
        SurvivesAsync("router forgets", LabNat.PortRestricted, "", run => LabNat.Forget(run.From.Routers[0])),
        SurvivesAsync("router gives another port, peer behind full cone", LabNat.FullCone, Moved, run => LabNat.Renumber(run.From.Routers[0])),
        SurvivesAsync("router gives another port, peer behind restricted", LabNat.Restricted, Moved, run => LabNat.Renumber(run.From.Routers[0])));

    [LabFact]
    public Task A_router_may_give_it_another_port_although_the_peers_lets_in_known_ports_alone() =>
        SurvivesAsync("router gives another port, peer behind port-restricted", LabNat.PortRestricted, HeardAgain, run => LabNat.Renumber(run.From.Routers[0]));

    [LabFact]
    public Task A_machine_may_move_to_another_network() => Task.WhenAll(
        SurvivesAsync("sender moves, peer behind full cone", LabNat.FullCone, Moved, MoveSender),
        SurvivesAsync("sender moves, peer is public", null, Moved, MoveSender),
        SurvivesAsync("sender moves, peer behind port-restricted gets a new ticket", LabNat.PortRestricted, NewTicketTaken, MoveSender, run =>
            run.Meeting.TellNewTicketOfSenderAsync()),
        SurvivesAsync(
            "provider gives another address, peer gets a new ticket", LabNat.PortRestricted, NewTicketTaken, run => LabTopology.ChangePublicAddress(run.From),
            run => run.Meeting.TellNewTicketOfSenderAsync()));

    [LabFact]
    public Task The_way_may_go_dark_for_half_a_minute_or_become_narrow() => Task.WhenAll(
        SurvivesAsync("black-out", LabNat.PortRestricted, HeardAgain, run => run.Uplink.Cut(), async run =>
        {
            await UserPause.TakeAsync(BlackOut);
            run.Uplink.Mend();
        }),
        SurvivesAsync("a hop becomes narrow", LabNat.PortRestricted, "", run => _net.Narrow(run.To, 1280)),
        CopiesOverANarrowHopAsync(),
        FallsBackToTheInternetAsync());

    /// <param name="name">What happens.</param>
    /// <param name="receiver">The receiver's NAT, if it has one; the sender's is port-restricted.</param>
    /// <param name="said">What the receiver tells its user about it, which shows that it happened.</param>
    /// <param name="accident">What happens in the middle of the copy.</param>
    /// <param name="relief">What is done about it.</param>
    private async Task SurvivesAsync(string name, LabNat? receiver, string said, Action<RunningCopy> accident, Func<RunningCopy, Task>? relief = null)
    {
        var word = string.Concat(name.Where(char.IsLetter));
        var from = _net.AddHost($"from-{word}", LabNat.PortRestricted);
        var (to, uplink) = await _net.AddHostWithLinkAsync($"to-{word}", SlowLink, receiver is null ? [] : [receiver]);
        var copy = new LabCopy(from, to, LabServers.StunWords).Named(name).WithBytes(FileBytes);
        var run = new RunningCopy(await SealedMeeting.StartCopyAsync(copy, UnderWay), from, to, uplink);
        accident(run);
        if (relief is not null) await relief(run);
        await copy.WaitUntilItGoesOnAsync(Limit);
        await run.Meeting.AssertDoneAsync(Limit);
        Assert.True(run.Meeting.Receiver.Output.Contains(said, StringComparison.Ordinal), $"{name}: not said: {said}\n{run.Meeting.Receiver}");
    }

    private void MoveSender(RunningCopy run) => LabTopology.Move(run.From, _net.AddHost($"near-{run.From.Machine.Name}", LabNat.PortRestricted));

    // The largest datagram that passes was found before the copy began: IPv6's least packet without its header and that of UDP.
    private async Task CopiesOverANarrowHopAsync()
    {
        var from = _net.AddHost("from-narrow", LabNat.PortRestricted);
        var to = await _net.AddHostAsync("to-narrow", $"{SlowLink} --mtu 1280", LabNat.PortRestricted);
        var copy = new LabCopy(from, to, [.. LabServers.StunWords, "--verbose"]).Named("narrow hop").WithBytes(FileBytes / 4);
        var meeting = await SealedMeeting.StartCopyAsync(copy, 1);
        await meeting.AssertDoneAsync(Limit);
        Assert.Contains("up to 1232 bytes each", meeting.Sender.ToString(), StringComparison.Ordinal);
    }

    // A cable between two machines that the internet connects too, by a longer way.
    private async Task FallsBackToTheInternetAsync()
    {
        var from = _net.AddHost("from-cable", LabNat.PortRestricted);
        var to = await _net.AddHostAsync("to-cable", "--delay 20ms", LabNat.PortRestricted);
        var cable = await LinkEmulatorProcess.StartAsync(
            new LinkEnd(from.Machine, "cable0", "192.168.77.1/24"), new LinkEnd(to.Machine, "cable0", "192.168.77.2/24"), "--rate 8M --queue 16k");
        var copy = new LabCopy(from, to, LabServers.StunWords).Named("cable is cut").WithBytes(FileBytes);
        var meeting = await SealedMeeting.StartCopyAsync(copy, UnderWay);
        Assert.Contains("(own network", meeting.Sender.ToString(), StringComparison.Ordinal);
        cable.Cut();
        await copy.WaitUntilItGoesOnAsync(Limit);
        await meeting.AssertDoneAsync(Limit);
        Assert.Matches(@"The path moved to \S+ \(internet\)\.", meeting.Sender.ToString());
    }

    private sealed record RunningCopy(SealedMeeting Meeting, LabHost From, LabHost To, LinkEmulatorProcess Uplink);
}
