namespace P2PCopy.Tests.Vectors;

public sealed class VectorCasesTests
{
    public static TheoryData<string> Names => [.. VectorCases.Names];

    [Theory, MemberData(nameof(Names))]
    public void A_file_of_values_says_what_and_why_and_names_its_cases(string name)
    {
        var file = VectorCases.Load(name);

        Assert.NotEmpty(file.Expect);
        Assert.NotEmpty(file.Why);
        Assert.NotEmpty(file.Cases);
        Assert.Distinct(file.Cases.Select(one => one.Name));
        Assert.All(file.Cases, one => Assert.NotEmpty(one.Keys));
    }

    [Fact]
    public void A_case_is_read_whole()
    {
        var file = VectorCases.Parse("text", "expect: one\nwhy: to see\n\n# comment\ncase: first\nkey: 00ff\n\ncase: second\nempty: \n");

        Assert.Equal(["first", "second"], file.Cases.Select(one => one.Name));
        Assert.Equal([0x00, 0xff], file["first"].Bytes("key"));
        Assert.True(file["second"].Has("empty") && !file["second"].Has("key"));
        Assert.Empty(file["second"].Bytes("empty"));
    }

    [Theory]
    [InlineData("key")]
    [InlineData("case: two")]
    public void A_line_that_is_no_value_or_comes_twice_is_named(string line)
    {
        var error = Assert.Throws<FormatException>(() => VectorCases.Parse("text", $"expect: none\nwhy: to see\n\ncase: one\n{line}\n"));

        Assert.EndsWith(line, error.Message);
    }
}
