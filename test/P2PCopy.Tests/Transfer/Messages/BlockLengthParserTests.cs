using P2PCopy.Transfer.Messages;

namespace P2PCopy.Tests.Transfer.Messages;

public sealed class BlockLengthParserTests
{
    [Theory]
    [InlineData(1, 1, nameof(FramingFault.None))]
    [InlineData(524288, long.MaxValue, nameof(FramingFault.None))]
    [InlineData(4 << 20, 4 << 20, nameof(FramingFault.None))]
    [InlineData((4 << 20) + 1, long.MaxValue, nameof(FramingFault.BlockTooLong))]
    [InlineData(int.MaxValue, long.MaxValue, nameof(FramingFault.BlockTooLong))]
    [InlineData(0, 10, nameof(FramingFault.EmptyBlock))]
    [InlineData(-1, 10, nameof(FramingFault.NegativeBlock))]
    [InlineData(int.MinValue, 10, nameof(FramingFault.NegativeBlock))]
    [InlineData(11, 10, nameof(FramingFault.BlockBeyondSize))]
    public void A_length_is_held_against_every_limit(int length, long remaining, string fault)
    {
        var wire = new byte[4];
        BlockLengthParser.Write(wire, length);
        var parser = new BlockLengthParser();
        foreach (var value in wire) Assert.Equal(1, parser.Push([value]));

        Assert.Equal(0, parser.Wanted);
        Assert.Equal(fault, parser.Check(remaining, out var read).ToString());
        Assert.Equal(length, read);
    }

    [Fact]
    public void Every_fault_has_a_sentence()
    {
        foreach (var fault in Enum.GetValues<FramingFault>().Where(fault => fault != FramingFault.None))
        {
            Assert.NotEmpty(fault.ToEnding().Why);
        }
    }
}
