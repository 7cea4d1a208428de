namespace P2PCopy.Tests.Vectors;

public sealed class VectorFilesTests
{
    public static TheoryData<string> Names => [.. VectorFile.Names];

    [Theory, MemberData(nameof(Names))]
    public void A_vector_file_says_what_and_why_and_holds_datagrams_in_order(string name)
    {
        var file = VectorFile.Load(name);

        Assert.NotEmpty(file.Expect);
        Assert.NotEmpty(file.Why);
        Assert.NotEmpty(file.Peers);
        Assert.NotEmpty(file.Datagrams);
        Assert.Equal(file.Datagrams.OrderBy(datagram => datagram.Time), file.Datagrams);
        Assert.All(file.Datagrams, datagram => Assert.NotEmpty(datagram.Bytes));
    }

    [Fact]
    public void A_datagram_line_is_read_whole()
    {
        var file = VectorFile.Parse("text", "expect: one\nwhy: to see\npeers: A, B\n\n# later\n1.250001 B>A 00ff..+12\n");

        var datagram = Assert.Single(file.Datagrams);
        Assert.Equal(TimeSpan.FromMicroseconds(1_250_001), datagram.Time);
        Assert.False(datagram.FromA);
        Assert.Equal([0x00, 0xff], datagram.Bytes);
        Assert.Equal((12, 14), (datagram.Truncated, datagram.Length));
        Assert.Equal([0x00, 0xff, .. new byte[12]], datagram.Padded());
    }

    [Theory]
    [InlineData("1.0 A>C 00")]
    [InlineData("1.0 A>B 0")]
    [InlineData("1.0 A>B 0G")]
    [InlineData("1.0 A>B 00..+x")]
    [InlineData("1.0 A>B")]
    [InlineData("soon A>B 00")]
    [InlineData("")]
    public void A_line_that_is_no_datagram_is_named(string line)
    {
        var error = Assert.Throws<FormatException>(() => VectorFile.Parse("text", $"expect: none\n\n{line}\n1.0 A>B 00\n"));

        Assert.StartsWith("text, line 3:", error.Message);
    }
}
