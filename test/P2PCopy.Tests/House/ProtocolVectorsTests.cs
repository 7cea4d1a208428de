using P2PCopy.Tests.Vectors;

namespace P2PCopy.Tests.House;

/// <summary>The bytes shown in docs/PROTOCOL.md are those of the vector files, so the text cannot rot.</summary>
public sealed class ProtocolVectorsTests
{
    private const string Marker = "vector ";

    private static readonly MarkdownFile Protocol = MarkdownFile.Load("docs/PROTOCOL.md");

    private static readonly MarkdownBlock[] Blocks =
        [.. Protocol.Blocks.Where(block => block.Info.StartsWith(Marker, StringComparison.Ordinal))];

    [Fact]
    public void Every_datagram_shown_is_one_of_its_vector_file()
    {
        Assert.NotEmpty(Blocks);
        foreach (var block in Blocks)
        {
            var vector = VectorFile.Load(block.Info[Marker.Length..]);
            Assert.All(Read(block), shown => Assert.Contains(vector.Datagrams, datagram => Same(datagram, shown)));
        }
    }

    [Fact]
    public void The_worked_example_shows_the_whole_session_in_order()
    {
        var shown = Blocks.Where(block => block.Info == Marker + "p2pcopy-session").SelectMany(Read).ToArray();
        var session = VectorFile.Load("p2pcopy-session").Datagrams;

        Assert.Equal(session.Count, shown.Length);
        Assert.All(session.Zip(shown), pair => Assert.True(Same(pair.First, pair.Second), $"at {pair.First.Time}"));
    }

    [Fact]
    public void Bytes_are_shown_in_marked_blocks_only()
    {
        var unmarked = Protocol.Blocks.Except(Blocks).SelectMany(block => block.Lines);

        Assert.DoesNotContain(unmarked, line => line.Contains("A>B", StringComparison.Ordinal) || line.Contains("B>A", StringComparison.Ordinal));
    }

    // A line that begins with blanks goes on with the datagram above it; blanks within the bytes are for the reader.
    private static IReadOnlyList<VectorDatagram> Read(MarkdownBlock block)
    {
        var datagrams = new List<string>();
        foreach (var line in block.Lines)
        {
            if (line.StartsWith(' ')) datagrams[^1] += line;
            else datagrams.Add(line);
        }

        var joined = datagrams.Select(line => line.Split(' ', 3)).Select(parts => $"{parts[0]} {parts[1]} {parts[2].Replace(" ", "", StringComparison.Ordinal)}");
        return VectorFile.Parse($"docs/PROTOCOL.md, block at line {block.Line}", "expect: as shown\n\n" + string.Join('\n', joined)).Datagrams;
    }

    private static bool Same(VectorDatagram left, VectorDatagram right) =>
        (left.Time, left.FromA, left.Truncated) == (right.Time, right.FromA, right.Truncated) && left.Bytes.AsSpan().SequenceEqual(right.Bytes);
}
