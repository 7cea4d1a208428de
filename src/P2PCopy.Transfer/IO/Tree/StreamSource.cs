using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>One stream as a tree: read in order and once, block by block.</summary>
internal sealed class StreamSource(Stream content, string name) : ISourceTree
{
    private long _position;
    private bool _isOver;

    public TreeSummary Summary { get; } = new(1, 1, 0, [name]);

    public IEnumerable<TreeEntry> List() => [new TreeEntry { Index = 0, Depth = 0, Kind = EntryKind.Stream, Name = name }];

    public SourceExtent Map(int index, long offset) => new(offset, IsHole: false, EntryStatus.Unreadable);

    public SourceRead Read(int index, long offset, Span<byte> destination)
    {
        // Reads are asked for ahead, also beyond an end that nobody knew.
        if (_isOver) return new SourceRead(0);
        // A second copy of what can be read once only would begin in its middle.
        if (offset != _position) return new SourceRead(0, EntryStatus.Changed);
        try
        {
            var count = content.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            _position += count;
            _isOver = count < destination.Length;
            return new SourceRead(count);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return new SourceRead(0, EntryStatus.Unreadable);
        }
    }

    public EntryStatus Close(int index) => EntryStatus.Whole;
}
