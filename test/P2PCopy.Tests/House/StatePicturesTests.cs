using P2PCopy.Udt;

namespace P2PCopy.Tests.House;

/// <summary>docs/ARCHITECTURE.md draws the states of a connection; a state that the picture lacks is a picture that lies.</summary>
public sealed class StatePicturesTests
{
    private static readonly string Picture = string.Join('\n', MarkdownFile.Load("docs/ARCHITECTURE.md").Blocks
        .Single(block => block.Info == "states UdtConnection").Lines);

    [Fact]
    public void Every_state_of_a_connection_is_in_the_picture() =>
        Assert.All(Enum.GetNames<UdtState>(), state => Assert.Contains($"[{state}]", Picture));

    [Fact]
    public void Every_way_to_end_is_in_the_picture() =>
        Assert.All(Enum.GetNames<CloseReason>().Except([nameof(CloseReason.None)]), reason => Assert.Contains(reason, Picture));
}
