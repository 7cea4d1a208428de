using System.Text.RegularExpressions;
using P2PCopy.EndToEnd.Processes;
using P2PCopy.NatTraversal.Crossing;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Which pairs of networks meet by exchanged tickets, by which way, and how soon after the second user has pasted.</summary>
[Collection(LabCollection.Name)]
public sealed class LabSealedPairTests : IDisposable
{
    // It takes tenths of a second. A busy machine may hold up a few of them; what goes wrong takes longer or for ever.
    private const double PartHeldUp = 0.2;
    private static readonly TimeSpan HeldUpLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CopyLimit = TimeSpan.FromSeconds(60);

    // As long as it takes to go back to the chat.
    private static readonly TimeSpan BetweenPastes = TimeSpan.FromSeconds(2);

    private const int HairpinPort = 4301;

    private const int StartedAtOnce = 4;

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabSealedPairTests()
    {
        _net = new LabTopology(_lab);
        LabServers.Start(_net);
    }

    public void Dispose() => _lab.Dispose();

    [LabTheory]
    [InlineData("sender")]
    [InlineData("receiver")]
    public async Task Pairs_that_need_no_luck_meet_at_once_whoever_pastes_first(string first)
    {
        LabNat[] bare = [], full = [LabNat.FullCone], restricted = [LabNat.Restricted], portRestricted = [LabNat.PortRestricted];
        LabNat[] symmetric = [LabNat.Symmetric], two = [LabNat.PortRestricted, LabNat.PortRestricted];
        (string Name, LabNat[] Sender, LabNat[] Receiver)[] pairs =
        [
            ("full × full", full, full),
            ("full × restricted", full, restricted),
            ("port-restricted × full", portRestricted, full),
            ("restricted × restricted", restricted, restricted),
            ("restricted × port-restricted", restricted, portRestricted),
            ("port-restricted × port-restricted", portRestricted, portRestricted),
            ("two NATs × port-restricted", two, portRestricted),
            ("full × symmetric", full, symmetric),
            ("symmetric × restricted", symmetric, restricted),
            ("public × public", bare, bare),
            ("public × symmetric", bare, symmetric),
        ];
        var copies = pairs
            .Select((pair, i) => MakeCopy(pair.Name, _net.AddHost($"sender{i}", pair.Sender), _net.AddHost($"receiver{i}", pair.Receiver), "internet"))
            .Append(MakeCopyInOneNetwork())
            .Append(MakeCopyByIPv6())
            .Concat(first == "sender" ? [MakeCopyByHairpin(), .. MakeCopiesOfBothFamilies()] : []);

        // Thirty programs that start at once on two cores keep a STUN server from answering in time.
        var meetings = new List<(SealedMeeting Meeting, string Way)>();
        foreach (var wave in copies.Chunk(StartedAtOnce))
            meetings.AddRange(await Task.WhenAll(wave.Select(async copy => (await SealedMeeting.StartAsync(copy.Copy), copy.Way))));

        var senderIsFirst = first == "sender";
        foreach (var (meeting, _) in meetings)
        {
            if (senderIsFirst) meeting.PasteAtSender();
            else meeting.PasteAtReceiver();
        }

        await UserPause.TakeAsync(BetweenPastes);

        // One after another, so that the time is that of the pair and not of this machine.
        var times = new CrossingTimes();
        foreach (var (meeting, way) in meetings)
        {
            var time = await meeting.ConnectAsync(senderIsFirst ? meeting.PasteAtReceiver : meeting.PasteAtSender);
            await meeting.AcceptAsync();
            await meeting.AssertDoneAsync(CopyLimit);
            Assert.True(time < HeldUpLimit, $"{meeting.Copy.Name}: connected after {time.TotalSeconds:0.0} s\n{meeting.Sender}\n{meeting.Receiver}");
            times.Add(meeting.Copy.Name, CrossingKind.Direct, time);
            AssertConnected(meeting.Sender, way);
            AssertConnected(meeting.Receiver, way);
        }

        times.AssertHeld(PartHeldUp);
    }

    private static (LabCopy Copy, string Way) MakeCopy(string name, LabHost from, LabHost to, string way, params string[] words) =>
        (new LabCopy(from, to, words.Length > 0 ? words : LabServers.StunWords).Named(name).WithBytes(1_000_000), way);

    private static void AssertConnected(ProgramRun run, string way)
    {
        var wanted = $@"Connected to \S+ \({way}[^)]*\), encrypted, peer known by ticket\.";
        if (!Regex.IsMatch(run.ToString(), wanted)) Assert.Fail($"{wanted}\n{run}");
    }

    private (LabCopy Copy, string Way) MakeCopyInOneNetwork()
    {
        // This NAT sends nothing back in that comes from inside.
        var left = _net.AddHost("left", LabNat.PortRestricted);
        return MakeCopy("one network", left, _net.AddSibling("right", left), "own network");
    }

    // Nobody tells an inner address here, so the two meet by way of their router: at its outer address, or where that shows the other.
    private (LabCopy Copy, string Way) MakeCopyByHairpin()
    {
        var left = _net.AddHost("inside", LabNat.PortRestricted);
        var right = _net.AddSibling("inside-too", left);
        LabNat.ForwardPort(left.Routers[0], left.PublicAddress, HairpinPort, left.Address);
        LabNat.ForwardPort(left.Routers[0], left.PublicAddress, HairpinPort + 1, right.Address);
        return (new LabCopy(left, right, [.. LabServers.StunWords, "--lan", "none"]).Named("one network, by hairpin").WithBytes(1_000_000).WithPorts(HairpinPort, HairpinPort + 1), "(own network|internet)");
    }

    // Whichever answers first carries the copy; with one family missing on one side, the other.
    private IEnumerable<(LabCopy Copy, string Way)> MakeCopiesOfBothFamilies()
    {
        var words = LabServers.StunWordsOfBothFamilies;
        yield return MakeCopy("both families on both sides", AddDual("both1", LabNat.PortRestricted), AddDual("both2", LabNat.PortRestricted), "(IPv6|internet)", words);
        yield return MakeCopy("both families, IPv6 alone", AddDual("both3", LabNat.PortRestricted), AddDual("both4", LabNat.UdpBlocked), "IPv6", words);
        yield return MakeCopy("both families, IPv4 alone", AddDual("both5", LabNat.PortRestricted), _net.AddHost("both6", LabNat.PortRestricted), "internet", words);
    }

    private LabHost AddDual(string name, LabNat nat)
    {
        var host = _net.AddHost(name, nat);
        _net.AddIPv6(host);
        return host;
    }

    private (LabCopy Copy, string Way) MakeCopyByIPv6()
    {
        var (from, to) = (_net.AddHost("sender-v6", LabNat.UdpBlocked), _net.AddHost("receiver-v6", LabNat.UdpBlocked));
        _net.AddIPv6(from);
        _net.AddIPv6(to);
        return MakeCopy("IPv6 alone, behind firewalls", from, to, "IPv6", LabServers.StunWordsOfBothFamilies);
    }
}
