namespace P2PCopy.Bench;

/// <summary>A question that a pair of runs answers: how the challenger compares with the baseline over a link.</summary>
/// <param name="Link">The cable.</param>
/// <param name="Baseline">What the ratio divides by.</param>
/// <param name="Challenger">What is looked at.</param>
internal sealed record Duel(BenchLink Link, Contestant Baseline, Contestant Challenger)
{
    public static IReadOnlyList<Duel> All { get; } =
    [
        .. BenchLink.All.Select(link => new Duel(link, Contestant.Reference, Contestant.Ours)),
        new(BenchLink.All[0], Contestant.Ours, Contestant.Sealed),
        new(BenchLink.All[1], Contestant.Sealed, Contestant.SealedUnderFlood),
    ];
}
