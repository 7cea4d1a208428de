using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Wire;

public sealed class MessageWordTests
{
    private const uint Last = MessageWord.MaxNumber;

    [Theory]
    [InlineData("3 first", "3 middle", true)]
    [InlineData("3 first", "3 last", true)]
    [InlineData("3 middle", "3 middle", true)]
    [InlineData("3 middle", "3 last", true)]
    [InlineData("3 last", "4 first", true)]
    [InlineData("3 last", "4 only", true)]
    [InlineData("3 only", "4 first", true)]
    [InlineData("3 only", "4 only", true)]
    [InlineData("3 first", "3 first", false)]
    [InlineData("3 first", "4 only", false)]
    [InlineData("3 middle", "4 middle", false)]
    [InlineData("3 middle", "1 middle", false)]
    [InlineData("3 last", "4 middle", false)]
    [InlineData("3 last", "4 last", false)]
    [InlineData("3 last", "3 first", false)]
    [InlineData("3 last", "5 first", false)]
    [InlineData("3 last", "1 first", false)]
    [InlineData("3 last", "0 only", false)]
    public void Numbers_and_boundaries_continue_from_packet_to_packet(string previous, string next, bool continues) =>
        Assert.Equal(continues, Parse(next).Continues(Parse(previous)));

    [Theory]
    [InlineData(Last, 0, true)]
    [InlineData(Last, 1, true)]
    [InlineData(Last - 1, 0, true)]
    [InlineData(Last - 1, 1, true)]
    [InlineData(Last - 1, Last, true)]
    [InlineData(Last - 2, Last - 1, true)]
    [InlineData(Last - 2, 1, false)]
    [InlineData(Last, 2, false)]
    public void Implementations_go_back_to_the_start_near_the_end_of_the_field(uint previous, uint next, bool continues) =>
        Assert.Equal(continues, new MessageWord(next, true, true).Continues(new MessageWord(previous, true, true)));

    [Fact]
    public void The_order_bit_of_a_file_says_nothing_about_the_place()
    {
        var word = new MessageWord(0x8000_0000 | 0x2000_0000 | 77);
        Assert.Equal((true, false, 77u), (word.IsFirst, word.IsLast, word.Number));
    }

    [Fact]
    public void Our_own_numbers_continue_over_the_wrap()
    {
        var number = Last - 3;
        for (var i = 0; i < 8; i++)
        {
            var next = MessageWord.NextNumber(number);
            Assert.True(new MessageWord(next, true, true).Continues(new MessageWord(number, true, true)), $"{number} {next}");
            number = next;
        }

        Assert.Equal(5u, number);
    }

    private static MessageWord Parse(string text)
    {
        var parts = text.Split(' ');
        return new MessageWord(uint.Parse(parts[0]), parts[1] is "first" or "only", parts[1] is "last" or "only");
    }
}
