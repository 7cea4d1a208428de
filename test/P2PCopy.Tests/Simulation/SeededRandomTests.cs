using P2PCopy.Simulation;

namespace P2PCopy.Tests.Simulation;

public class SeededRandomTests
{
    [Fact]
    public void The_stream_is_that_of_the_published_generator()
    {
        // SplitMix64 from 0 gives these four words of state (Vigna's test values); then the first output is rotl(s1 * 5, 7) * 9.
        var second = 0x6e789e6aa1b965f4UL;
        Assert.Equal(ulong.RotateLeft(second * 5, 7) * 9, new SeededRandom(0).NextUInt64());
    }

    [Fact]
    public void Bounds_are_inclusive_and_all_values_come()
    {
        var random = new SeededRandom(3);
        var counts = new int[6];
        for (var i = 0; i < 6000; i++) counts[random.Between(-2, 3) + 2]++;
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
        Assert.Equal(long.MinValue, random.Between(long.MinValue, long.MinValue));
        random.Between(long.MinValue, long.MaxValue);
    }

    [Fact]
    public void Streams_of_different_names_or_seeds_differ()
    {
        var firsts = new[] { SeededRandom.For(1, "a"), SeededRandom.For(1, "b"), SeededRandom.For(2, "a") }.Select(r => r.NextUInt64());
        Assert.Equal(3, firsts.Distinct().Count());
        Assert.Equal(SeededRandom.For(1, "a").NextUInt64(), SeededRandom.For(1, "a").NextUInt64());
    }

    [Fact]
    public void Impossible_and_certain_things_are_so()
    {
        var random = new SeededRandom(4);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.False(random.Chance(0)));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(random.Chance(1)));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(random.Magnitude(0.001, 1000), 0.001, 1000));
    }

    [Fact]
    public void A_printed_seed_replaces_the_kept_ones_and_fresh_adds_to_them()
    {
        Assert.Equal([1UL, 2UL], SimulationSeeds.From(null, [1, 2]));
        Assert.Equal([77UL], SimulationSeeds.From("77", [1, 2]));
        Assert.Equal([1UL, 2UL], SimulationSeeds.From("fresh", [1, 2]).Take(2));
        Assert.True(SimulationSeeds.From("fresh", [1, 2]).Distinct().Count() > 4);
        Assert.Throws<FormatException>(() => SimulationSeeds.From("x", [1]));
    }
}
