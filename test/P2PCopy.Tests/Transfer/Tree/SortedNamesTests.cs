using CsCheck;
using P2PCopy.Transfer.IO.Tree;

namespace P2PCopy.Tests.Transfer.Tree;

public sealed class SortedNamesTests
{
    [Fact]
    public void Names_come_in_the_order_of_their_bytes_whatever_the_order_of_the_disk() => Gen.String[Gen.Char["aAbé写 .~"], 1, 20].Array[0, 200].Sample(names =>
    {
        var expected = names.Order(Comparer<string>.Create(static (one, other) => Bytes(one).SequenceCompareTo(Bytes(other)))).ToArray();
        Assert.Equal(expected, new SortedNames(names).InOrder());
        Assert.Equal(expected, new SortedNames(names.Reverse()).InOrder());
    });

    [Fact]
    public void What_is_no_text_is_counted()
    {
        var names = new SortedNames(["b", null, "a", null]);
        Assert.Equal(["a", "b"], names.InOrder());
        Assert.Equal(2, names.Unreadable);
    }

    [Fact]
    public void A_million_names_cost_little_memory()
    {
        var names = new SortedNames(Enumerable.Range(0, 1_000_000).Select(static number => $"{number * 7919L % 1_000_000:x8}.txt"));
        Assert.InRange(names.HeldBytes, 0, 24 << 20);
        Assert.Equal("00000000.txt", names.InOrder().First());
    }

    private static ReadOnlySpan<byte> Bytes(string name) => System.Text.Encoding.UTF8.GetBytes(name);
}
