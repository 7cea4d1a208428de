using P2PCopy.Tests.Vectors;

namespace P2PCopy.Tests.House;

/// <summary>The values shown in docs/PROTOCOL.md are those of the vector files: a block names a file and one of its cases.</summary>
public sealed class ProtocolValuesTests
{
    private const string Marker = "values ";

    [Fact]
    public void Every_value_shown_is_that_of_its_vector_file()
    {
        var blocks = MarkdownFile.Load("docs/PROTOCOL.md").Blocks.Where(block => block.Info.StartsWith(Marker, StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(blocks);
        foreach (var block in blocks)
        {
            var (file, name) = block.Info[Marker.Length..].Split(' ', 2) is [var first, var second] ? (first, second) : (block.Info, "");
            var vector = VectorCases.Load(file)[name];
            Assert.All(block.Lines, line => Assert.Equal($"{line.Split(": ")[0]}: {vector[line.Split(": ")[0]]}", line));
        }
    }
}
