using P2PCopy.Transfer;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Receiving;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>Memory is measured here, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(TreeLimitTests), DisableParallelization = true)]
public sealed class AloneForMemory;

/// <summary>Very many entries and very large files, which exist only as numbers.</summary>
[Collection(nameof(TreeLimitTests))]
public sealed class TreeLimitTests
{
    private const long Tebibyte = 1L << 40;

    [Fact]
    public void A_million_entries_pass_in_little_memory()
    {
        var tree = new CountedTree(1_000_000, 3);
        var pair = new TreePair(tree, _ => [], tree, new Random(7), features: TreeFeatures.None);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        for (var mark = 8_000_000; pair.Receiver.Ending is null && mark < 100_000_000; mark += 8_000_000)
        {
            pair.Run(killAfter: mark);
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(TreeEndings.Done, pair.Sender.Ending);
        Assert.Equal(TreeEndings.Done, pair.Receiver.Ending);
        Assert.Equal(tree.Summary.Files, tree.Ended);
        Assert.InRange(pair.MostTargetSteps, 1, 1024);
        Assert.True(most < 24 << 20, $"{most} bytes are held in the middle");
        TestContext.Current.TestOutputHelper?.WriteLine($"{most} bytes held, {pair.DownBytes} bytes down, {pair.UpBytes} up");
    }

    [Fact]
    public void A_tebibyte_of_holes_passes_as_its_data_alone()
    {
        // Data at the beginning, somewhere odd in the middle, and at the very end.
        (long Start, long End)[] data = [(0, 4096), ((Tebibyte / 2) + 4096, (Tebibyte / 2) + 3_000_000), (Tebibyte - 1, Tebibyte)];
        var tree = new CountedTree(1, Tebibyte) { Data = data };
        var pair = new TreePair(tree, _ => [], tree, new Random(7), features: TreeFeatures.None);
        pair.Run();

        Assert.Equal(TreeEndings.Done, pair.Sender.Ending);
        Assert.Equal(Tebibyte, pair.Sender.SettledBytes);
        Assert.Equal(data.Sum(stretch => stretch.End - stretch.Start), tree.WrittenBytes);
        Assert.True(pair.DownBytes < 3_010_000, $"{pair.DownBytes} bytes on the wire");
    }

    /// <summary>Source and target at once: entries are computed from their number, and nothing is kept but sums.</summary>
    private sealed class CountedTree(int entries, long size) : ISourceTree, ITargetTree
    {
        private const int FilesPerFolder = 999;

        public (long Start, long End)[]? Data { get; init; }

        public int Ended { get; private set; }

        public long WrittenBytes { get; private set; }

        public TreeSummary Summary { get; } = new(entries, entries - Folders(entries), (entries - Folders(entries)) * size, ["0"]);

        public IEnumerable<TreeEntry> List() => Enumerable.Range(0, entries).Select(Entry);

        public SourceExtent Map(int index, long offset)
        {
            foreach (var (start, end) in Data!)
            {
                if (offset < start) return new SourceExtent(start, IsHole: true);
                if (offset < end) return new SourceExtent(end, IsHole: false);
            }

            return new SourceExtent(size, IsHole: true);
        }

        public SourceRead Read(int index, long offset, Span<byte> destination) => new(destination.Length);

        public EntryStatus Close(int index) => EntryStatus.Whole;

        public Ending? Add(TreeEntry entry) => null;

        public Ending? Prepare() => null;

        public EntryPlan Begin(int index) => new(Entry(index), PlanKind.Fresh);

        public BlockRun HashBlocks(int index, long firstBlock, Span<byte> hashes) => default;

        public TargetFault? Write(int index, long offset, ReadOnlySpan<byte> bytes)
        {
            WrittenBytes += bytes.Length;
            return null;
        }

        public TargetFault? Keep(int index, long offset, long length) => null;

        public TargetFault? Hole(int index, long offset, long length) => null;

        public TargetFault? End(int index, EntryStatus status, long size, ReadOnlySpan<byte> digest)
        {
            Ended++;
            return null;
        }

        public Ending? Finish() => null;

        private static int Folders(int entries) => entries == 1 ? 0 : (entries + FilesPerFolder) / (FilesPerFolder + 1);

        private TreeEntry Entry(int index)
        {
            var folder = entries > 1 && index % (FilesPerFolder + 1) == 0;
            return new TreeEntry
            {
                Index = index,
                Depth = folder || entries == 1 ? 0 : 1,
                Kind = folder ? EntryKind.Folder : EntryKind.File,
                Name = $"{index}",
                Size = folder ? 0 : size,
                Sparse = Data is not null,
            };
        }
    }
}
