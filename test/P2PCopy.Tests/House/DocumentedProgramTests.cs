using P2PCopy.Cli.Commands;
using P2PCopy.Cli.Terminal;

namespace P2PCopy.Tests.House;

/// <summary>Commands and options of the program that a reader copies from a document must exist.</summary>
public sealed class DocumentedProgramTests
{
    private static readonly string[][] Shown =
    [
        .. MarkdownFile.All.SelectMany(document => document.Blocks).SelectMany(block => block.Lines)
            .Where(line => line.StartsWith("./p2pcopy ", StringComparison.Ordinal))
            .Select(line => line.Split("  ")[0].Split(' ')[1..]),
    ];

    [Fact]
    public void A_command_that_a_document_shows_exists_with_the_options_it_shows()
    {
        var root = CommandLine.Create(Surroundings.OfProcess());

        Assert.Contains(Shown, words => words[0] == "demo");
        foreach (var words in Shown.Where(words => words[0] != "--help"))
        {
            var command = Assert.Single(root.Subcommands, command => command.Name == words[0] || command.Aliases.Contains(words[0]));
            var options = command.Options.Select(option => option.Name).ToArray();
            Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, options));
        }
    }
}
