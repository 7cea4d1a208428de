using CsCheck;
using P2PCopy.Udt;

namespace P2PCopy.Tests.Udt;

public sealed class IndexSetTests
{
    private const int Window = 64;

    [Fact]
    public void It_does_as_a_set_does_while_its_window_moves_forward() =>
        Gen.Select(Gen.Long[0, 1L << 40], Gen.Select(Gen.Int[0, 6], Gen.Int[0, Window - 1], Gen.Int[0, 40]).Array[1, 300])
            .Sample((start, steps) =>
            {
                var set = new IndexSet(Window);
                var model = new SortedSet<long>();
                var low = start;
                foreach (var (action, offset, length) in steps)
                {
                    var index = low + offset;
                    switch (action)
                    {
                        case 0 or 1:
                            Assert.Equal(model.Add(index), set.Add(index));
                            break;
                        case 2:
                            var last = Math.Min(index + length, low + Window - 1);
                            var before = model.Count;
                            for (var i = index; i <= last; i++) model.Add(i);
                            Assert.Equal(model.Count - before, set.AddRange(index, last));
                            break;
                        case 3 or 4:
                            Assert.Equal(model.Remove(index), set.Remove(index));
                            break;
                        case 5:
                            set.RemoveBefore(index);
                            model.RemoveWhere(member => member < index);
                            low = index;
                            break;
                        default:
                            // The first members go one by one, as packets that arrive at last do; then the window moves.
                            while (model.Count > 0 && model.Min < index) Assert.True(set.Remove(model.Min) & model.Remove(model.Min));
                            low = index;
                            break;
                    }

                    AssertSame(model, set, low - 5, low + Window + 5);
                }
            });

    [Fact]
    public void Members_before_the_window_do_not_come_back_when_the_ring_goes_round()
    {
        var set = new IndexSet(Window);
        set.Add(10);
        set.Add(70);
        set.Remove(10);
        set.Add(133);
        Assert.True(set.TryFirst(out var first));
        Assert.Equal((2, 70L), (set.Count, first));
        Assert.False(set.Contains(10));
    }

    [Fact]
    public void Ranges_are_given_in_order_and_whole()
    {
        var set = new IndexSet(1000);
        set.AddRange(100, 300);
        set.Add(302);
        set.AddRange(500, 900);
        var ranges = new List<(long, long)>();
        for (var from = long.MinValue; set.TryNextRange(from, out var first, out var last); from = last + 1) ranges.Add((first, last));
        Assert.Equal([(100, 300), (302, 302), (500, 900)], ranges);
    }

    [Fact]
    public void Ranges_are_given_from_the_top_as_well() =>
        Gen.Select(Gen.Long[0, 1L << 40], Gen.Select(Gen.Bool, Gen.Int[0, Window - 1]).Array[1, 100], Gen.Int[-5, Window + 5]).Sample((start, steps, from) =>
        {
            var set = new IndexSet(Window);
            var model = new SortedSet<long>();
            foreach (var (adds, offset) in steps)
                Assert.Equal(adds ? model.Add(start + offset) : model.Remove(start + offset), adds ? set.Add(start + offset) : set.Remove(start + offset));
            var expected = model.Where(member => member <= start + from).Reverse().ToList();
            var found = new List<long>();
            for (var top = start + from; set.TryPreviousRange(top, out var first, out var last); top = first - 1)
                for (var index = last; index >= first; index--) found.Add(index);
            Assert.Equal(expected, found);
        });

    [Fact]
    public void An_empty_set_has_nothing()
    {
        var set = new IndexSet(2);
        Assert.False(set.TryFirst(out _));
        Assert.False(set.TryNextRange(0, out _, out _));
        Assert.False(set.Remove(0));
        set.RemoveBefore(long.MaxValue);
        Assert.Equal(0, set.Count);
    }

    private static void AssertSame(SortedSet<long> model, IndexSet set, long from, long to)
    {
        Assert.Equal(model.Count, set.Count);
        for (var index = from; index <= to; index++) Assert.Equal(model.Contains(index), set.Contains(index));
        Assert.Equal(model.Count > 0, set.TryFirst(out var first));
        if (model.Count == 0) return;
        Assert.Equal(model.Min, first);
        var members = new List<long>();
        for (var at = long.MinValue; set.TryNextRange(at, out var start, out var end); at = end + 1)
            for (var index = start; index <= end; index++) members.Add(index);
        Assert.Equal(model, members);
    }
}
