using CsCheck;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Tests.Transfer.Tree.Names;

public sealed class LinkTargetTests
{
    [Theory]
    [InlineData("top/link", "file")]
    [InlineData("top/link", "a/b/c")]
    [InlineData("top/a/link", "../file")]
    [InlineData("top/a/link", "..")]
    [InlineData("top/a/b/link", "../../lib/x.so")]
    public void A_plain_way_inside_is_taken(string link, string target) => Assert.True(Leads(link, target));

    [Theory]
    [InlineData("top/link", "/etc/passwd")]
    [InlineData("top/link", "../other")]
    [InlineData("top/link", "..")]
    [InlineData("link", "other")]
    [InlineData("top/a/link", "../../other")]
    [InlineData("top/a/b/link", "c/../../../..")]
    [InlineData("top/a/b/link", "c/../d")]
    [InlineData("top/link", "a//b")]
    [InlineData("top/link", "./a")]
    [InlineData("top/link", "")]
    [InlineData("top/link", "C:\\Windows")]
    [InlineData("top/link", "\\\\server\\share")]
    [InlineData("top/link", "..\\..\\a")]
    [InlineData("top/link", "a\nb")]
    [InlineData("top/link", "nul")]
    [InlineData("top/link", ".git/hooks/pre-commit")]
    public void Any_other_way_is_refused(string link, string target) => Assert.False(Leads(link, target));

    [Fact]
    public void No_taken_way_leaves_the_top_folder()
    {
        var component = Gen.OneOf("..", ".", "", "a", "b", "c");
        Gen.Select(Gen.OneOf("a", "b").Array[1, 5], component.Array[0, 8]).Sample(static (folders, components) =>
        {
            var target = string.Join('/', components);
            if (!Leads($"top/{string.Join('/', folders)}", target)) return;
            var place = Path.GetFullPath(Path.Combine("/target/top", string.Join('/', folders[..^1]), target));
            Assert.StartsWith("/target/top", place, StringComparison.Ordinal);
            Assert.DoesNotContain("..", components.SkipWhile(static name => name == ".."));
        });
    }

    private static bool Leads(string link, string target)
    {
        Assert.True(TreePath.TryCreate(link.Split('/'), isFolder: false, default, out var path, out _));
        var taken = LinkTarget.TryCreate(path, target, default(NameRules), out var made, out var refusal);
        Assert.Equal(taken, refusal is null);
        Assert.Equal(taken, made is not null);
        return taken;
    }
}
