using CsCheck;
using P2PCopy.Transfer.Tree.Resume;

namespace P2PCopy.Tests.Transfer.Tree.Resume;

public sealed class RangeSetTests
{
    private static readonly Gen<(int Kind, long Start, long End)> Step =
        Gen.Select(Gen.Int[0, 2], Gen.Long[0, 40], Gen.Long[0, 12], static (kind, start, length) => (kind, start, start + length));

    [Fact]
    public void It_holds_what_a_set_of_numbers_holds() => Step.Array[0, 60].Sample(static steps =>
    {
        var ranges = new RangeSet();
        var numbers = new HashSet<long>();
        foreach (var (kind, start, end) in steps)
        {
            if (kind == 0)
            {
                ranges.Remove(start, end);
                for (var number = start; number < end; number++) numbers.Remove(number);
            }
            else
            {
                ranges.Add(start, end);
                for (var number = start; number < end; number++) numbers.Add(number);
            }

            Assert.Equal(numbers.Count, ranges.Count);
            for (var number = 0; number < 54; number++)
            {
                Assert.Equal(numbers.Contains(number), ranges.Contains(number, number + 1));
                Assert.Equal(numbers.Contains(number), ranges.Overlaps(number, number + 1));
                var next = numbers.Where(held => held >= number).DefaultIfEmpty(-1).Min();
                Assert.Equal(next, ranges.NextFrom(number)?.Start ?? -1);
            }

            Assert.All(ranges.Ranges.Zip(ranges.Ranges.Skip(1)), static pair => Assert.True(pair.First.End < pair.Second.Start));
        }
    });
}
