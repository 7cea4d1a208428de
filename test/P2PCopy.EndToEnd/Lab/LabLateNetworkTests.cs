using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>A program that is started before the network of its machine is there, or before the servers of the internet answer.</summary>
[Collection(LabCollection.Name)]
public sealed class LabLateNetworkTests : IDisposable
{
    private const string Waiting = "This computer has no network yet; waiting a moment for it ...";
    private const string ForThisComputer = "this ticket is good for programs on this computer only";
    private const string Corrected = "Your network answers now. Your peer needs your new ticket:";
    private const string Loopback = "127.0.0.1";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task A_cable_that_is_plugged_in_at_the_last_moment_is_in_the_ticket()
    {
        var (here, late, plugIn) = LabTopology.AddIslandWithALooseCable(_lab);
        var copy = new LabCopy(here, late, []).Named("late cable").WithBytes(1_000_000);
        var (sender, receiver) = (copy.StartSender(), copy.StartReceiverInTerminal());
        await receiver.HearAsync(Waiting);
        plugIn();
        await MeetAsync(copy, sender, receiver, await receiver.AddressAsync());
    }

    [LabFact]
    public async Task A_cable_that_is_plugged_in_later_makes_a_new_ticket()
    {
        var (here, late, plugIn) = LabTopology.AddIslandWithALooseCable(_lab);
        var copy = new LabCopy(here, late, []).Named("later cable").WithBytes(1_000_000);
        var (sender, receiver) = (copy.StartSender(), copy.StartReceiverInTerminal());
        var first = await receiver.AddressAsync();
        Assert.StartsWith(Loopback, first, StringComparison.Ordinal);
        await receiver.HearAsync(ForThisComputer);
        plugIn();
        await receiver.HearAsync(Corrected);
        await MeetAsync(copy, sender, receiver, await receiver.NewAddressAsync(first));
    }

    [LabFact]
    public async Task Servers_that_answer_after_the_verdict_correct_it()
    {
        var net = new LabTopology(_lab);
        LabServers.Start(net);
        var (from, to) = (net.AddHost("from", LabNat.PortRestricted), net.AddHost("to", LabNat.PortRestricted));

        // All answers are held back until the program has given up.
        net.Internet.Nft("table ip late { chain out { type filter hook output priority 0; udp sport { 3478, 3479 } ip daddr 25.8.1.2 drop; }; }");
        var copy = new LabCopy(from, to, LabServers.StunWords).Named("late servers").WithBytes(1_000_000);
        var (sender, receiver) = (copy.StartSender(), copy.StartReceiverInTerminal());
        var first = await receiver.AddressAsync();
        Assert.Contains("Your firewall is UdpBlocked", receiver.Output, StringComparison.Ordinal);
        net.Internet.Nft("flush chain ip late out");
        await receiver.HearAsync(Corrected);
        await receiver.HearAsync("Your firewall is PortRestrictedCone");
        await MeetAsync(copy, sender, receiver, await receiver.NewAddressAsync(first));
    }

    private static async Task MeetAsync(LabCopy copy, ProgramRun sender, ProgramRun receiver, string ticket)
    {
        Assert.DoesNotContain(Loopback, ticket, StringComparison.Ordinal);
        sender.Type(ticket);
        receiver.Type(await sender.AddressAsync());
        await receiver.SeeAsync("Receive it? [Y/n] ");
        receiver.Type("");
        await copy.AssertDoneAsync(sender, receiver, Limit);
    }
}
