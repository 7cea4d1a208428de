using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Paths;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.NatTraversal.Crossing;

/// <summary>
/// The row of probes towards the address that STUN servers saw of the peer, for pairs in which early packets may spoil a mapping: some
/// steps from the paste on, then bursts in common slots. An opener is a probe that dies before it reaches the peer's NAT.
/// </summary>
// PROTOCOL PATH-16, PATH-17.
internal sealed class CrossingSchedule : ProbePlan
{
    private const int FastSteps = 21;
    private const int BurstMilliseconds = 3000;
    private const int BurstGap = 100;

    private static readonly TimeSpan ForFast = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ForOpeners = TimeSpan.FromSeconds(20);
    private static readonly int[] OpenersFirst = [0, 1000, 5000, 10_000, 15_000];
    private static readonly byte[] OpenerHops = [2, 4, 6];

    private readonly ProbeStep[] _first;
    private readonly ProbeStep[] _slot;
    private readonly TimeSpan _firstSlot;

    private CrossingSchedule(ProbeStep[] first, ProbeStep[] slot, TimeSpan firstSlot) => (_first, _slot, _firstSlot) = (first, slot, firstSlot);

    /// <inheritdoc/>
    public override ProbeStep this[int index]
    {
        get
        {
            if (index < _first.Length) return _first[index];
            var (slot, step) = Math.DivRem(index - _first.Length, _slot.Length);
            return _slot[step] with { After = _firstSlot + (CommonSlots.Period * slot) + _slot[step].After };
        }
    }

    /// <summary>The plan of a style.</summary>
    /// <param name="crossing">What is to be done.</param>
    /// <param name="time">The common clock.</param>
    /// <param name="start">When the plan begins.</param>
    public static ProbePlan Of(CrossingPlan crossing, InternetTime time, Instant start)
    {
        var (first, from, gap) = crossing.Style switch
        {
            ProbeStyle.FastThenSlots => (FastProbes(), ForFast, crossing.KeepsHole ? 10_000 : 0),
            ProbeStyle.Openers => (Openers(OpenersFirst), ForOpeners, 5000),
            ProbeStyle.Slots => ([], TimeSpan.Zero, 0),
            _ => ([], TimeSpan.Zero, -1),
        };
        return gap < 0 ? Fast : new CrossingSchedule(first, Slot(gap), CommonSlots.Next(time, start + from) - start);
    }

    private static ProbeStep[] FastProbes() => [.. Enumerable.Range(0, FastSteps).Select(index => Fast[index])];

    // Around a slot: openers before it, a burst in it, and openers after it where these do no harm.
    private static ProbeStep[] Slot(int openerGap)
    {
        var burst = Enumerable.Range(0, (BurstMilliseconds / BurstGap) + 1).Select(index => new ProbeStep(TimeSpan.FromMilliseconds(index * BurstGap)));
        var between = openerGap == 0 ? [] : Enumerable.Range(1, ((int)CommonSlots.Period.TotalMilliseconds / openerGap) - 1).Select(index => index * openerGap);
        return [.. Openers([-1000, -500]), .. burst, .. Openers(between)];
    }

    private static ProbeStep[] Openers(IEnumerable<int> milliseconds) =>
        [.. milliseconds.SelectMany(at => OpenerHops.Select((hops, index) => new ProbeStep(TimeSpan.FromMilliseconds(at + (5 * index)), hops)))];
}
