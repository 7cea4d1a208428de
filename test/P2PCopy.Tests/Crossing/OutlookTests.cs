using P2PCopy.Cli.Commands.Sealed;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Report;
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

    [Fact]
    public void Nothing_is_foretold_where_a_network_is_not_known()
    {
        using var scene = new MeetingScene(7, [], []);
        Assert.Empty(new Outlook(new NetworkReport(), scene.Left.Ticket!, scene.Right.Ticket!).Sentence);
    }
}
