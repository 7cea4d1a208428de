using System.Text.RegularExpressions;

namespace P2PCopy.Tests.House;

/// <summary>Commands that a reader copies from a document must exist.</summary>
public sealed partial class DocumentedCommandsTests
{
    private static readonly string[] Shown =
        [.. MarkdownFile.All.SelectMany(document => document.Blocks).SelectMany(block => block.Lines).Where(line => line.StartsWith("./", StringComparison.Ordinal))];

    [Fact]
    public void A_chore_that_a_document_shows_is_one_that_the_script_knows()
    {
        var known = Chore().Matches(Repository.Read("dev")).Select(match => match.Groups[1].Value).ToArray();
        var shown = Shown.Where(line => line.StartsWith("./dev ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).Distinct().ToArray();

        Assert.Contains("test", shown);
        Assert.All(shown, chore => Assert.Contains(chore, known));
    }

    [Fact]
    public void Every_chore_is_listed_by_the_script_itself()
    {
        var script = Repository.Read("dev");
        var known = Chore().Matches(script).Select(match => match.Groups[1].Value).Where(chore => chore != "help");

        Assert.All(known, chore => Assert.Matches($@"(?m)^\./dev {chore}\b", script));
    }

    [Fact]
    public void Continuous_integration_runs_the_test_command_of_the_readme()
    {
        Assert.Contains("./dev test", MarkdownFile.Load("README.md").Blocks.SelectMany(block => block.Lines).Select(line => line.Split("  ")[0].Trim()));
        Assert.EndsWith("exec ./dev test\n", Repository.Read(".ci/run"));
    }

    [GeneratedRegex(@"(?m)^    ([a-z0-9]+)(?: \| -[^)]*)?\)")]
    private static partial Regex Chore();
}
