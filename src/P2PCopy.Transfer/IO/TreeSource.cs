using System.Diagnostics.CodeAnalysis;
using System.Text;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Transfer.IO;

/// <summary>What is to be sent: files and folders, a stream, or a text. It is used for one copy at a time, and for as many as it takes.</summary>
/// <example><code>
/// if (!TreeSource.TryOpen(["photos", "notes.txt"], withLinks: false, out var source, out var failure)) return Fail(failure.Sentence);
/// using (source) ...
/// </code></example>
public sealed class TreeSource : IDisposable
{
    private readonly IDisposable? _owned;
    private readonly Func<int, string> _pathOf;

    private TreeSource(ISourceTree tree, Func<int, string> pathOf, IDisposable? owned)
    {
        Tree = tree;
        _pathOf = pathOf;
        _owned = owned;
    }

    /// <summary>Longest text in bytes of UTF-8.</summary>
    public const int LongestText = TreeLimits.TextBytes;

    /// <summary>Entries of all kinds.</summary>
    public int Entries => Tree.Summary.Entries;

    /// <summary>Entries with content.</summary>
    public int Files => Tree.Summary.Files;

    /// <summary>Bytes of all files together; a stream counts as nothing.</summary>
    public long TotalBytes => Tree.Summary.TotalBytes;

    /// <summary>The first names at the top, 16 at most.</summary>
    public IReadOnlyList<string> Names => Tree.Summary.TopNames;

    /// <summary>What was left out or gets another name, and why: sentences that may be printed.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>How many more notes there would have been.</summary>
    public int MoreNotes { get; private init; }

    /// <summary>Whether its content comes from somewhere once, so that it cannot be sent again.</summary>
    public bool IsStream { get; private init; }

    /// <summary>Whether it is a text to be shown.</summary>
    public bool IsText { get; private init; }

    internal ISourceTree Tree { get; }

    /// <summary>Walks files and folders. Nothing below the named ones is followed if it is a link; nothing but folders is opened.</summary>
    /// <param name="paths">What the user named.</param>
    /// <param name="withLinks">Whether symbolic links are sent as links; without it they are left out with a note.</param>
    /// <param name="source">What is to be sent.</param>
    /// <param name="renamesUnsafe">
    /// Whether what has a name that some system does not take is sent under one that all take, with a note, instead of being left out.
    /// </param>
    /// <param name="failure">Otherwise why not, of kind <see cref="OutcomeKind.SourceFailed"/>.</param>
    public static bool TryOpen(
        IReadOnlyList<string> paths,
        bool withLinks,
        [NotNullWhen(true)] out TreeSource? source,
        [NotNullWhen(false)] out CopyOutcome? failure,
        bool renamesUnsafe = false)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var found = SourceTree.TryWalk(paths, withLinks, out var tree, out var ending, renamesUnsafe);
        source = found ? new TreeSource(tree!, tree!.PathOf, tree) { Notes = tree.Notes, MoreNotes = tree.MoreNotes } : null;
        failure = found ? null : CopyOutcome.From(ending!);
        return found;
    }

    /// <summary>A stream whose length nobody knows, such as standard input. It is read as fast as the receiver writes, and only once.</summary>
    /// <param name="content">What to send; it stays the caller's.</param>
    /// <param name="name">The name that a receiver gives it: one component of a path.</param>
    public static TreeSource OfStream(Stream content, string name) => new(new StreamSource(content, name), _ => name, null) { IsStream = true };

    /// <summary>A text that the receiver shows to its user.</summary>
    /// <param name="text">At most <see cref="LongestText"/> bytes of UTF-8.</param>
    public static TreeSource OfText(string text) => new(new TextSource(Encoding.UTF8.GetBytes(text)), _ => "", null) { IsText = true };

    /// <inheritdoc/>
    public void Dispose() => _owned?.Dispose();

    internal string PathOf(int index) => _pathOf(index);
}
