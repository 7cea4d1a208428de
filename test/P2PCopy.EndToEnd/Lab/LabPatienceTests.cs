using System.Diagnostics;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Networks without servers, and users who take their time.</summary>
public sealed class LabPatienceTests : IDisposable
{
    private const string Changed = "Your address changed";

    // Longer than the mapping lives; where all pairs of networks are tried, as long as people take who look for their phone first.
    private static readonly TimeSpan ToPaste = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("P2PCOPY_CROSSINGS") is null ? 16 : 120);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task Two_machines_with_nothing_but_a_cable_meet_at_once_by_their_own_addresses()
    {
        var (one, other) = LabTopology.AddIsland(_lab);
        var copy = new LabCopy(one, other, "--stun", LabTopology.ServerAddresses[0], "--stun", LabTopology.ServerAddresses[2]).Named("island").WithBytes(100_000);
        var start = Stopwatch.GetTimestamp();
        var (sender, receiver) = (copy.StartSender(), copy.StartReceiver());
        var ticket = await sender.AddressAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"ticket after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s");
        Assert.StartsWith("192.168.5.1:", ticket, StringComparison.Ordinal);
        await copy.PasteAsync(sender, receiver);
        await copy.AssertDoneAsync(sender, receiver, Limit);
        Assert.Contains("(own network", sender.ToString(), StringComparison.Ordinal);
    }

    [LabFact]
    public async Task A_mapping_that_lives_for_fifteen_seconds_is_there_after_a_user_who_took_longer()
    {
        var meeting = await StartBehindAsync(LabNat.Forgetful with { MappingLife = TimeSpan.FromSeconds(15) });
        await UserPause.TakeAsync(ToPaste);
        meeting.PasteAtSender();
        await UserPause.TakeAsync(TimeSpan.FromSeconds(2));
        await meeting.ConnectAsync(meeting.PasteAtReceiver);
        await meeting.AcceptAsync();
        await meeting.AssertDoneAsync(Limit);
        Assert.DoesNotContain(Changed, meeting.Sender.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Changed, meeting.Receiver.ToString(), StringComparison.Ordinal);
    }

    [LabFact]
    public async Task A_mapping_that_ended_all_the_same_makes_a_new_ticket_that_leads_there()
    {
        // It ends before anything is sent to keep it, and that is sent more often from then on.
        var meeting = await StartBehindAsync(LabNat.Forgetful with { MappingLife = TimeSpan.FromSeconds(9) });
        var tickets = await Task.WhenAll(meeting.Sender.NewAddressAsync(meeting.SenderTicket), meeting.Receiver.NewAddressAsync(meeting.ReceiverTicket));
        await UserPause.TakeAsync(TimeSpan.FromSeconds(10));
        meeting.Sender.Type(tickets[1]);
        await meeting.ConnectAsync(() => meeting.Receiver.Type(tickets[0]));
        await meeting.AcceptAsync();
        await meeting.AssertDoneAsync(Limit);
    }

    private async Task<SealedMeeting> StartBehindAsync(LabNat nat)
    {
        var net = new LabTopology(_lab);
        LabServers.Start(net);
        return await SealedMeeting.StartAsync(new LabCopy(net.AddHost("from", nat), net.AddHost("to", nat), LabServers.StunWords).Named(nat.Name).WithBytes(100_000));
    }
}
