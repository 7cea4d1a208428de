using System.Globalization;
using System.Text.RegularExpressions;

namespace P2PCopy.Tests.House;

/// <summary>docs/PROTOCOL.md and the code hold each other to account by rule numbers.</summary>
public sealed partial class ProtocolRulesTests
{
    private static readonly string s_protocol = Repository.Read("docs/PROTOCOL.md");

    // A rule is stated where a list item begins with its number in bold.
    private static readonly string[] s_stated = [.. Statement().Matches(s_protocol).Select(match => match.Groups[1].Value)];

    [Fact]
    public void Rules_are_numbered_without_gaps_and_stated_once()
    {
        foreach (var group in s_stated.GroupBy(rule => rule.Split('-')[0]))
        {
            var numbers = group.Select(rule => int.Parse(rule.Split('-')[1], CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(1, group.Count()), numbers);
        }

        Assert.Equal(["COPY", "RDV", "STUN", "TIME", "UDT"], s_stated.Select(rule => rule.Split('-')[0]).Distinct().Order());
    }

    [Fact]
    public void Every_rule_that_is_mentioned_is_stated()
    {
        var mentioned = MarkdownFile.All.Select(document => document.Text).SelectMany(text => Mention().Matches(text)).Select(match => match.Value);

        Assert.Empty(mentioned.Except(s_stated));
    }

    [GeneratedRegex(@"^- \*\*([A-Z]+-[0-9]+)\*\* ", RegexOptions.Multiline)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\b(?:RDV|UDT|COPY|STUN|TIME)-[0-9]+")]
    private static partial Regex Mention();
}
