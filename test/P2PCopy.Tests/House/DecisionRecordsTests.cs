using System.Globalization;

namespace P2PCopy.Tests.House;

public sealed class DecisionRecordsTests
{
    private static readonly string[] Records =
        [.. Repository.Files("docs/decisions", "*.md").Where(path => path != "docs/decisions/README.md")];

    [Fact]
    public void Decisions_are_numbered_without_gaps_and_listed_in_the_index()
    {
        var index = MarkdownFile.Load("docs/decisions/README.md").RelativeLinks;
        var names = Records.Select(path => Path.GetFileName(path)).ToArray();

        Assert.Equal(Enumerable.Range(1, names.Length), names.Select(name => int.Parse(name[..4], CultureInfo.InvariantCulture)));
        Assert.Equal(names, index);
    }

    [Fact]
    public void A_decision_has_a_date_and_all_its_parts()
    {
        foreach (var path in Records)
        {
            var record = MarkdownFile.Load(path);
            Assert.Matches("(?m)^Date: 20[0-9]{2}-[0-9]{2}-[0-9]{2}$", record.Text);
            Assert.All(new[] { "context", "decision", "alternatives", "consequences" }, part => Assert.Contains(part, record.Anchors));
        }
    }
}
