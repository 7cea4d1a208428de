using System.Text.RegularExpressions;

namespace P2PCopy.Tests.House;

/// <summary>A fenced block of a document: what stands behind its opening fence, its first line's number, its lines.</summary>
internal sealed record MarkdownBlock(string Info, int Line, IReadOnlyList<string> Lines);

/// <summary>What the tests ask of a document: its links, its headings, its fenced blocks.</summary>
internal sealed partial class MarkdownFile
{
    private readonly List<MarkdownBlock> _blocks = [];
    private readonly List<string> _prose = [];

    private MarkdownFile(string path)
    {
        Path = path;
        Text = Repository.Read(path);
        List<string>? block = null;
        var lines = Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                (block ?? _prose).Add(lines[i]);
            }
            else if (block is null)
            {
                block = [];
                _blocks.Add(new MarkdownBlock(lines[i][3..].Trim(), i + 2, block));
            }
            else
            {
                block = null;
            }
        }
    }

    /// <summary>Its path from the repository's root.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<MarkdownBlock> Blocks => _blocks;

    /// <summary>All documents of the repository.</summary>
    public static IEnumerable<MarkdownFile> All => Repository.Files(".", "*.md").Select(Load);

    /// <summary>Where links to other files and to headings go, as written.</summary>
    public IEnumerable<string> RelativeLinks => _prose
        .SelectMany(line => Link().Matches(line))
        .Select(match => match.Groups[1].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>The names by which links reach the headings.</summary>
    public IEnumerable<string> Anchors => _prose
        .Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    public static MarkdownFile Load(string path) => new(path);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
