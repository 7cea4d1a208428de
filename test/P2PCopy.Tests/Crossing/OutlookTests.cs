using P2PCopy.Cli.Commands.Sealed;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Tests.House;

namespace P2PCopy.Tests.Crossing;

/// <summary>
/// What users are told of every pair of networks as soon as both tickets are there, after 15 s and after 45 s, in test/crossings: made from
/// the very reports and tickets of the simulated networks, by the table that the programs go by.
/// </summary>
public sealed class OutlookTests
{
    private const string Sentences = "test/crossings/sentences.txt";

    private static readonly Dictionary<CrossingKind, string> Limits = new()
    {
        [CrossingKind.Direct] = "within a second",
        [CrossingKind.SameComputer] = "within a second",
        [CrossingKind.NearbyAddresses] = "within a second",
        [CrossingKind.SharedNetwork] = "within a second",
        [CrossingKind.Prediction] = "within 5 seconds",
        [CrossingKind.Guessing] = "within 20 seconds",
        [CrossingKind.CommonSlots] = "within 45 seconds",
        [CrossingKind.PerhapsSlots] = "after a minute and a half",
    };

    [Fact]
    public void Each_pair_is_told_what_it_can_expect_and_what_would_help()
    {
        var pairs = new Dictionary<string, List<string>>();
        foreach (var (left, leftNats) in NatKinds.All)
        {
            foreach (var (right, rightNats) in NatKinds.All)
            {
                using var scene = new MeetingScene(7, leftNats, rightNats);
                var outlook = new Outlook(scene.Left.Report!, scene.Left.Ticket!, scene.Right.Ticket!);
                Assert.Equal(scene.Plan.Kind, outlook.Kind);
                Assert.EndsWith(".", outlook.Sentence, StringComparison.Ordinal);
                if (Limits.TryGetValue(outlook.Kind, out var limit)) Assert.Contains(limit, outlook.Sentence, StringComparison.Ordinal);
                else Assert.Contains("What helps: ", outlook.Sentence, StringComparison.Ordinal);
                var told = $"at once: {outlook.Sentence}\n   15 s: {outlook.Patience}\n   45 s: {outlook.Obstacle}\n";
                if (!pairs.TryAdd(told, [$"{left} × {right}"])) pairs[told].Add($"{left} × {right}");
            }
        }

        Snapshot.Matches(Sentences, string.Join('\n', pairs.Select(pair => $"{string.Join('\n', pair.Value)}\n{pair.Key}")));
    }

    [Fact]
    public void Every_kind_has_a_limit_that_is_told_or_none()
    {
        Assert.All(Enum.GetValues<CrossingKind>(), kind => Assert.Equal(CrossingPlan.LimitOf(kind) is not null, Limits.ContainsKey(kind)));
    }

    [Theory]
    [InlineData("127.0.0.1:4300", "127.0.0.1:4301", CrossingKind.SameComputer, "Your peer is on this very computer: usually connected within a second.")]
    [InlineData("192.168.5.1:4300", "192.168.5.2:4300", CrossingKind.NearbyAddresses,
        "You: UdpBlocked, your peer: UdpBlocked: your addresses look like those of one network: if they are, usually connected within a second.")]
    [InlineData("[fd00:1:2:3::1]:4300", "[fd00:1:2:3::2]:4300", CrossingKind.NearbyAddresses,
        "You: UdpBlocked, your peer: UdpBlocked: your addresses look like those of one network: if they are, usually connected within a second.")]
    public void Where_the_internet_is_not_needed_nobody_is_told_that_it_is_missing(string own, string other, CrossingKind kind, string sentence)
    {
        var outlook = new Outlook(new NetworkReport { ServersAsked = 4 }, At(own), At(other));
        Assert.Equal(kind, outlook.Kind);
        Assert.Equal(sentence, outlook.Sentence);
    }

    [Theory]
    [InlineData("192.168.5.1:4300", "192.168.6.2:4300")]
    [InlineData("127.0.0.1:4300", "192.168.6.2:4300")]
    [InlineData("[fd00:1:2:3::1]:4300", "[fd00:1:2:4::1]:4300")]
    [InlineData("[fd00:1:2:3::1]:4300", "192.168.5.1:4300")]
    public void Who_can_only_be_reached_in_another_network_is_told_so(string own, string other)
    {
        var outlook = new Outlook(new NetworkReport { ServersAsked = 4 }, At(own), At(other));
        Assert.Equal(CrossingKind.OwnNetworkOnly, outlook.Kind);
        Assert.Contains("only your own network can connect the two of you", outlook.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_foretold_where_a_network_is_not_known()
    {
        using var scene = new MeetingScene(7, [], []);
        Assert.Empty(new Outlook(new NetworkReport(), scene.Left.Ticket!, scene.Right.Ticket!).Sentence);
    }

    private static Ticket At(string address) => new()
    {
        Primary = UdpEndpoint.TryParse(address, out var endpoint) ? endpoint : throw new FormatException(address),
        PublicKey = new PublicKey(Enumerable.Repeat((byte)7, PublicKey.Length).ToArray()),
    };
}
