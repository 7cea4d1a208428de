using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>A short text as a tree of one entry.</summary>
internal sealed class TextSource(byte[] text) : ISourceTree
{
    private const string Name = "text";

    public TreeSummary Summary { get; } = new(1, 1, text.Length, [Name]);

    public IEnumerable<TreeEntry> List() => [new TreeEntry { Index = 0, Depth = 0, Kind = EntryKind.Text, Name = Name, Size = text.Length }];

    public SourceExtent Map(int index, long offset) => new(text.Length, IsHole: false);

    public SourceRead Read(int index, long offset, Span<byte> destination)
    {
        var rest = text.AsSpan((int)Math.Min(offset, text.Length));
        var count = Math.Min(rest.Length, destination.Length);
        rest[..count].CopyTo(destination);
        return new SourceRead(count);
    }

    public EntryStatus Close(int index) => EntryStatus.Whole;
}
