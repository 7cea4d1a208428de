using System.Security.Cryptography;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>A file of a model tree. A sparse one is a size and some stretches of data.</summary>
internal sealed record ModelFile(TreeEntry Entry, byte[] Content)
{
    /// <summary>What happens when it is read.</summary>
    public EntryStatus Fate { get; init; }

    /// <summary>Stretches of zeros that a sparse file tells about, in order.</summary>
    public IReadOnlyList<(long Start, long End)> Holes { get; init; } = [];
}

/// <summary>A source in memory.</summary>
internal sealed class ModelSource(IReadOnlyList<ModelFile> files) : ISourceTree
{
    public IReadOnlyList<ModelFile> Files => files;

    public TreeSummary Summary { get; } = new(
        files.Count,
        files.Count(file => file.Entry.HasContent),
        files.Sum(file => file.Entry.Size),
        [.. files.Where(file => file.Entry.Depth == 0).Take(TreeLimits.TopNames).Select(file => file.Entry.Name)]);

    public IEnumerable<TreeEntry> List() => files.Select(file => file.Entry);

    public SourceExtent Map(int index, long offset)
    {
        foreach (var (start, end) in files[index].Holes)
        {
            if (offset < start) return new SourceExtent(start, false);
            if (offset < end) return new SourceExtent(end, true);
        }

        return new SourceExtent(files[index].Entry.Size, false);
    }

    public SourceRead Read(int index, long offset, Span<byte> destination)
    {
        var file = files[index];
        // A bad file fails in its second block.
        if (file.Fate != EntryStatus.Whole && offset > 0) return new SourceRead(0, file.Fate);
        var count = (int)Math.Clamp(file.Content.Length - offset, 0, destination.Length);
        file.Content.AsSpan((int)Math.Min(offset, file.Content.Length), count).CopyTo(destination);
        return new SourceRead(count);
    }

    public EntryStatus Close(int index) => files[index].Fate;

    public byte[] Digest(int index) => SHA256.HashData(files[index].Content);
}
