using System.Diagnostics;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Networks without servers, and users who take their time.</summary>
[Collection(LabCollection.Name)]
public sealed class LabPatienceTests : IDisposable
{
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
        var net = new LabTopology(_lab);
        LabServers.Start(net);
        var shortLife = LabNat.PortRestricted with { MappingLife = TimeSpan.FromSeconds(15) };
        var copy = new LabCopy(net.AddHost("from", shortLife), net.AddHost("to", shortLife), LabServers.StunWords).Named("short life").WithBytes(100_000);
        var meeting = await SealedMeeting.StartAsync(copy);
        await UserPause.TakeAsync(TimeSpan.FromSeconds(16));
        meeting.PasteAtSender();
        await UserPause.TakeAsync(TimeSpan.FromSeconds(2));
        await meeting.ConnectAsync(meeting.PasteAtReceiver);
        await meeting.AcceptAsync();
        await meeting.AssertDoneAsync(Limit);
        Assert.DoesNotContain("Your address changed", meeting.Sender.ToString(), StringComparison.Ordinal);
    }
}
