using System.Collections.Concurrent;
using System.Globalization;
using P2PCopy.NatTraversal.Crossing;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// How long each pair took, from the second paste to the later of the two programs' words, and whether the limits that users are promised
/// were held. What is measured here is what a user sees; the time in which the test itself had no processor counts as well.
/// </summary>
internal sealed class CrossingTimes
{
    /// <summary>How long a pair may take to hear that it cannot be connected.</summary>
    public static readonly TimeSpan ToRefuse = TimeSpan.FromSeconds(3);

    /// <summary>What comes later than its limit by more than this is a failure in any run.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(4);

    // By no more than the margin, one in a hundred of each kind may be late where all pairs are run, and one in four of all where a few are,
    // on a machine of which nobody knows what else it does.
    private const double LateInLongRuns = 0.01;
    private const double LateInSamples = 0.25;

    private readonly ConcurrentQueue<(string Pair, CrossingKind Kind, TimeSpan Time)> _times = new();

    /// <summary>What each kind took, and who was late.</summary>
    public IEnumerable<string> Lines =>
        from one in Limited
        group one by one.Kind into kind
        let inOrder = kind.OrderBy(one => one.Time).ToArray()
        let late = inOrder.Where(IsLate).ToArray()
        select string.Create(
            CultureInfo.InvariantCulture,
            $"{kind.Key}: {inOrder.Length} times, half within {inOrder[inOrder.Length / 2].Time.TotalSeconds:0.00} s, all within {inOrder[^1].Time.TotalSeconds:0.00} s, {late.Length} later than {LimitOf(kind.Key)!.Value.TotalSeconds:0} s")
            + string.Concat(late.Select(one => string.Create(CultureInfo.InvariantCulture, $"; {one.Pair} {one.Time.TotalSeconds:0.00} s")));

    /// <summary>Notes a pair.</summary>
    public void Add(string pair, CrossingKind kind, TimeSpan time) => _times.Enqueue((pair, kind, time));

    /// <summary>Fails when too many of a kind were late: to be asked where every kind was tried many times.</summary>
    public void AssertHeldByEachKind() => Assert.All(Limited.GroupBy(one => one.Kind), kind => AssertHeld([.. kind], LateInLongRuns));

    /// <summary>Fails when too many of all were late.</summary>
    /// <param name="part">How many of them may be.</param>
    public void AssertHeld(double part = LateInSamples) => AssertHeld([.. Limited], part);

    private IEnumerable<(string Pair, CrossingKind Kind, TimeSpan Time)> Limited => _times.Where(one => LimitOf(one.Kind) is not null);

    private void AssertHeld((string Pair, CrossingKind Kind, TimeSpan Time)[] pairs, double part) =>
        Assert.True(pairs.Count(IsLate) <= pairs.Length * part, string.Join('\n', Lines));

    private static bool IsLate((string Pair, CrossingKind Kind, TimeSpan Time) one) => one.Time > LimitOf(one.Kind);

    private static TimeSpan? LimitOf(CrossingKind kind) =>
        kind is CrossingKind.Hopeless or CrossingKind.OwnNetworkOnly or CrossingKind.NoCommonFamily ? ToRefuse : CrossingPlan.LimitOf(kind);
}
