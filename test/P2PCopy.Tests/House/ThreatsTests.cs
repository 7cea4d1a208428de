using System.Text.RegularExpressions;

namespace P2PCopy.Tests.House;

/// <summary>docs/THREATS.md claims a test for each defence: it must be there.</summary>
public sealed partial class ThreatsTests
{
    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var named = Name().Matches(Repository.Read("docs/THREATS.md")).Select(match => (Type: match.Groups[1].Value, Method: match.Groups[2].Value)).ToArray();
        var sources = Repository.Files("test", "*.cs").ToLookup(path => Path.GetFileNameWithoutExtension(path), Repository.Read);

        Assert.True(named.Length > 15, "the defences have their tests");
        Assert.All(named, name => Assert.Contains(sources[name.Type], source => source.Contains($" {name.Method}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([A-Za-z]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex Name();
}
