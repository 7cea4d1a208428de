using P2PCopy.Transfer.Tree;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>Trees out of a random source.</summary>
internal static class RandomTrees
{
    public static List<ModelFile> Build(Random random, int entries, bool withFates = false)
    {
        var files = new List<ModelFile>();
        var deepest = 0;
        for (var index = 0; index < entries; index++)
        {
            var depth = random.Next(deepest + 1);
            var kind = random.Next(10) switch { < 2 => EntryKind.Folder, 2 => EntryKind.Link, 3 => EntryKind.Stream, _ => EntryKind.File };
            var content = kind is EntryKind.File or EntryKind.Stream ? Content(random) : [];
            var holes = kind == EntryKind.File && random.Next(3) == 0 ? Holes(random, content) : [];
            var entry = new TreeEntry
            {
                Index = index,
                Depth = depth,
                Kind = kind,
                Name = $"{index}-ñ名🙂",
                Size = kind == EntryKind.File ? content.Length : 0,
                ModifiedNanoseconds = random.NextInt64(long.MinValue, long.MaxValue),
                Executable = random.Next(2) == 0,
                Sparse = holes.Count > 0,
                LinkTarget = kind == EntryKind.Link ? "../elsewhere" : null,
            };
            var fate = withFates && entry.HasContent && random.Next(4) == 0 ? (EntryStatus)random.Next(3) : EntryStatus.Whole;
            files.Add(new ModelFile(entry, content) { Holes = holes, Fate = fate });
            deepest = kind == EntryKind.Folder ? depth + 1 : depth;
        }

        return files;
    }

    /// <summary>Another version of the content: some blocks differ, some is cut off or added.</summary>
    public static byte[] Older(Random random, byte[] content)
    {
        var older = content[..random.Next(content.Length + 1)];
        if (random.Next(2) == 0) older = [.. content, 1, 2, 3];
        for (var i = 0; i < 2 && older.Length > 0; i++) older[random.Next(older.Length)] ^= 1;
        return older;
    }

    private static byte[] Content(Random random)
    {
        var content = new byte[random.Next(4) switch
        {
            0 => 0,
            1 => random.Next(3000),
            2 => random.Next(1, 4) * TreeLimits.BlockBytes,
            _ => random.Next(3 * TreeLimits.BlockBytes),
        }];
        random.NextBytes(content);
        return content;
    }

    private static List<(long Start, long End)> Holes(Random random, byte[] content)
    {
        var holes = new List<(long Start, long End)>();
        for (var at = 0; at < content.Length;)
        {
            var start = at + random.Next(TreeLimits.BlockBytes);
            var end = Math.Min(content.Length, start + 1 + random.Next(3 * TreeLimits.BlockBytes));
            if (end <= start) break;
            content.AsSpan(start, end - start).Clear();
            holes.Add((start, end));
            at = end + 1;
        }

        return holes;
    }
}
