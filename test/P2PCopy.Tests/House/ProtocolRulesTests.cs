using System.Globalization;
using System.Text.RegularExpressions;

namespace P2PCopy.Tests.House;

/// <summary>docs/PROTOCOL.md and the code hold each other to account by rule numbers.</summary>
public sealed partial class ProtocolRulesTests
{
    private static readonly string Protocol = Repository.Read("docs/PROTOCOL.md");

    // A rule is stated where a list item begins with its number in bold.
    private static readonly string[] Stated = [.. Statement().Matches(Protocol).Select(match => match.Groups[1].Value)];

    [Fact]
    public void Rules_are_numbered_without_gaps_and_stated_once()
    {
        foreach (var group in Stated.GroupBy(rule => rule.Split('-')[0]))
        {
            var numbers = group.Select(rule => int.Parse(rule.Split('-')[1], CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(1, group.Count()), numbers);
        }

        Assert.Equal(["CHN", "COPY", "HSK", "KEY", "MAP", "MEAS", "PATH", "RDV", "STUN", "TIME", "TKT", "TREE", "UDT"], Stated.Select(rule => rule.Split('-')[0]).Distinct().Order());
    }

    [Fact]
    public void Every_rule_that_is_mentioned_is_stated()
    {
        var mentioned = MarkdownFile.All.Select(document => document.Text).SelectMany(text => Mention().Matches(text)).Select(match => match.Value);

        Assert.Empty(mentioned.Except(Stated));
    }

    [Fact]
    public void Every_rule_is_cited_by_code_or_tests_and_every_citation_is_a_rule()
    {
        var sources = Repository.Files("src", "*.cs").Concat(Repository.Files("test", "*.cs")).Select(Repository.Read);
        var cited = sources.SelectMany(source => Citation().Matches(source)).SelectMany(match => Mention().Matches(match.Value)).Select(match => match.Value).ToHashSet();

        Assert.True(Stated.All(cited.Contains), $"cited by nobody: {string.Join(", ", Stated.Except(cited))}");
        Assert.True(cited.All(Stated.Contains), $"cited but not in docs/PROTOCOL.md: {string.Join(", ", cited.Except(Stated))}");
    }

    [GeneratedRegex(@"^- \*\*([A-Z]+-[0-9]+)\*\* ", RegexOptions.Multiline)]
    private static partial Regex Statement();

    // In comments: the word, then one number or several with commas between them.
    [GeneratedRegex(@"PROTOCOL (?:(?:RDV|UDT|COPY|STUN|TIME|CHN|HSK|KEY|TKT|PATH|TREE|MAP|MEAS)-[0-9]+(?:, )?)+")]
    private static partial Regex Citation();

    [GeneratedRegex(@"\b(?:RDV|UDT|COPY|STUN|TIME|CHN|HSK|KEY|TKT|PATH|TREE|MAP|MEAS)-[0-9]+")]
    private static partial Regex Mention();
}
