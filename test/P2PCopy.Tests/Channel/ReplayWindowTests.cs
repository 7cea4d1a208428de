using CsCheck;
using P2PCopy.NatTraversal.Channel;

namespace P2PCopy.Tests.Channel;

public sealed class ReplayWindowTests
{
    // Steps around the sizes of a word, of the window and of its ring, backwards and forwards, and a few giant ones.
    private static readonly Gen<long> Jump = Gen.Frequency(
        (6, Gen.Long[-3, 3]), (4, Gen.Long[-130, 130]), (3, Gen.Long[-5000, 5000]), (2, Gen.Long[-9000, 9000]), (1, Gen.Long[-(1L << 40), 1L << 40]));

    [Fact]
    public void It_agrees_with_a_set_of_all_counters_whatever_the_order() =>
        Gen.Select(Gen.ULong[0, 1UL << 62], Jump.Array[1, 400]).Sample((start, jumps) =>
        {
            var window = new ReplayWindow();
            var seen = new HashSet<ulong>();
            var (counter, newest) = (start, 0UL);
            foreach (var jump in jumps)
            {
                counter = jump < 0 && counter < (ulong)-jump ? 0 : counter + (ulong)jump;
                var isNewest = seen.Count == 0 || counter > newest;
                var isFresh = isNewest || (newest - counter < ReplayWindow.Size && !seen.Contains(counter));
                Assert.Equal((isNewest, isFresh), (window.IsNewest(counter), window.IsFresh(counter)));
                if (!isFresh) continue;
                window.Add(counter);
                seen.Add(counter);
                newest = Math.Max(newest, counter);
            }
        }, iter: 2000);

    [Fact]
    public void It_knows_exactly_4096_counters()
    {
        var window = new ReplayWindow();
        window.Add(10_000);
        Assert.True(window.IsFresh(10_000 - 4095));
        Assert.False(window.IsFresh(10_000 - 4096));
        Assert.False(window.IsFresh(10_000));
        Assert.True(window.IsFresh(10_001));
    }

    [Fact]
    public void Both_ends_of_the_counters_are_counters()
    {
        var window = new ReplayWindow();
        Assert.True(window.IsFresh(0));
        window.Add(0);
        Assert.False(window.IsFresh(0));
        window.Add(ulong.MaxValue);
        Assert.False(window.IsFresh(ulong.MaxValue));
        Assert.False(window.IsFresh(0));
        Assert.True(window.IsFresh(ulong.MaxValue - 1));
    }

    [Fact]
    public void Cleared_it_has_seen_nothing()
    {
        var window = new ReplayWindow();
        window.Add(5000);
        window.Clear();
        Assert.True(window.IsNewest(0));
        Assert.True(window.IsFresh(5000));
        window.Add(0);
        Assert.True(window.IsFresh(5000));
    }
}
