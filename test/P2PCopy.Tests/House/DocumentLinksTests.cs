namespace P2PCopy.Tests.House;

public sealed class DocumentLinksTests
{
    public static TheoryData<string> Documents => [.. MarkdownFile.All.Select(document => document.Path)];

    [Theory, MemberData(nameof(Documents))]
    public void A_link_within_the_repository_leads_somewhere(string path)
    {
        var document = MarkdownFile.Load(path);
        var folder = Path.GetDirectoryName(Repository.PathOf(path))!;

        Assert.All(document.RelativeLinks, link =>
        {
            var (target, anchor) = link.Split('#') is [var file, var heading] ? (file, heading) : (link, "");
            var full = target.Length == 0 ? Repository.PathOf(path) : Path.GetFullPath(Path.Combine(folder, target));
            Assert.True(File.Exists(full) || Directory.Exists(full), $"{path} links to {link}, which does not exist");
            if (anchor.Length == 0) return;
            var anchors = MarkdownFile.Load(Path.GetRelativePath(Repository.Root, full).Replace('\\', '/')).Anchors;
            Assert.True(anchors.Contains(anchor), $"{path} links to {link}, but there is no such heading");
        });
    }

    [Fact]
    public void The_documents_that_readers_expect_exist()
    {
        string[] expected =
        [
            "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE",
            "docs/ARCHITECTURE.md", "docs/PROTOCOL.md", "docs/cli.md", "docs/decisions/README.md", "vectors/README.md",
        ];

        Assert.All(expected, path => Assert.True(File.Exists(Repository.PathOf(path)), path));
    }
}
