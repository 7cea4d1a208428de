using P2PCopy.EndToEnd.Copy;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.EndToEnd.Tree;

public sealed class TargetTreeTests
{
    private static readonly TargetTreeOptions Overwrite = new() { Existing = ExistingFile.Overwrite };

    [Fact]
    public void A_tree_arrives_with_empty_folders_times_and_the_right_to_run()
    {
        using var folder = new TemporaryFolder();
        var large = TreeDraft.Bytes(9_000_001, 1);

        Assert.Empty(new TreeDraft().Folder(0, "top").Folder(1, "empty").Folder(1, "写真").File(2, "run", [1, 2, 3], executable: true).File(2, "none", [])
            .File(1, "large.bin", large).File(0, "beside", [9]).CopyTo(folder.Path));

        Assert.Equal(["beside", "top"], folder.Names);
        Assert.Equal(large, File.ReadAllBytes(folder["top/large.bin"]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["top/写真/run"]));
        Assert.Empty(File.ReadAllBytes(folder["top/写真/none"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["top/empty"]));
        Assert.Equal(6, Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Count() - 1);
        var time = DateTime.UnixEpoch.AddTicks(TreeDraft.Time / 100);
        Assert.Equal(time, File.GetLastWriteTimeUtc(folder["top/large.bin"]));
        Assert.Equal(time, Directory.GetLastWriteTimeUtc(folder["top"]));
        Assert.Equal(time, Directory.GetLastWriteTimeUtc(folder["top/写真"]));
        if (OperatingSystem.IsWindows()) return;
        Assert.True(File.GetUnixFileMode(folder["top/写真/run"]).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(folder["top/large.bin"]).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public void The_same_tree_again_travels_not_at_all_and_makes_nothing_new()
    {
        using var folder = new TemporaryFolder();
        var draft = new TreeDraft().Folder(0, "top").File(1, "large", TreeDraft.Bytes(5_000_000, 2)).File(1, "small", [1]);
        Assert.Empty(draft.CopyTo(folder.Path));
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions(), out var tree, out _));
        using (tree)
        {
            Assert.Empty(draft.CopyTo(tree, out var travelled));
            Assert.Equal(0, travelled);
        }

        Assert.Equal(3, Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public void Of_an_older_version_only_what_differs_travels_when_it_may_be_replaced()
    {
        using var folder = new TemporaryFolder();
        var content = TreeDraft.Bytes(20 << 20, 3);
        File.WriteAllBytes(folder["image"], content);
        content[7_500_000] ^= 1;
        Assert.True(TargetTree.TryOpen(folder.Path, Overwrite, out var tree, out _));
        using (tree)
        {
            Assert.Empty(new TreeDraft().File(0, "image", content).CopyTo(tree, out var travelled));
            Assert.Equal(TreeLimits.BlockBytes, travelled);
        }

        Assert.Equal(content, File.ReadAllBytes(folder["image"]));
        Assert.Equal(["image"], folder.Names);
    }

    [Fact]
    public void What_is_there_is_kept_beside_the_new_one_and_never_hashed_for_a_stranger()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["secret.txt"], "1234");
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions(), out var tree, out _));
        using (tree) Assert.Empty(new TreeDraft().File(0, "secret.txt", "guess"u8.ToArray()).CopyTo(tree, out _));

        Assert.Equal(["secret (1).txt", "secret.txt"], folder.Names);
        Assert.Equal("1234", File.ReadAllText(folder["secret.txt"]));
        Assert.Equal("guess", File.ReadAllText(folder["secret (1).txt"]));
    }

    [Fact]
    public void What_is_there_is_skipped_on_demand()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a"], "old");

        var sentences = new TreeDraft().File(0, "a", "new!"u8.ToArray()).File(0, "b", [2]).CopyTo(folder.Path, new TargetTreeOptions { Existing = ExistingFile.Skip });

        Assert.Contains("skipped", Assert.Single(sentences), StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder["a"]));
        Assert.Equal(["a", "b"], folder.Names);
    }

    [Fact]
    public void One_file_that_gets_no_name_keeps_none_of_the_others_from_theirs()
    {
        using var folder = new TemporaryFolder();
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions { Existing = ExistingFile.Skip }, out var tree, out _));
        using var open = tree;
        var draft = new TreeDraft().File(0, "a", [1]).File(0, "b", [2]).File(0, "c", [3]);
        foreach (var entry in draft.Entries) Assert.Null(tree.Add(entry));
        foreach (var entry in draft.Entries)
        {
            _ = tree.Begin(entry.Index);
            Assert.Null(tree.Write(entry.Index, 0, [7]));
            Assert.Null(tree.End(entry.Index, EntryStatus.Whole, 1, []));
        }

        File.WriteAllText(folder["a"], "planted meanwhile");

        Assert.Null(tree.Settle());
        var note = Assert.Single(tree.TakeNotes());
        Assert.Equal((0, EntryReason.Exists, true), (note.Index, note.Ending.Reason, note.IsLate));
        Assert.Equal("planted meanwhile", File.ReadAllText(folder["a"]));
        Assert.Equal([7], File.ReadAllBytes(folder["b"]));
        Assert.Equal([7], File.ReadAllBytes(folder["c"]));
    }

    [Fact]
    public void Links_are_made_last_and_only_on_demand()
    {
        using var folder = new TemporaryFolder();
        var draft = new TreeDraft().Folder(0, "top").Link(1, "link", "deep/file").Folder(1, "deep").File(2, "file", [1]).Link(2, "out", "../../../etc/passwd");

        Assert.All(draft.CopyTo(folder.Path), sentence => Assert.Contains("left out", sentence, StringComparison.Ordinal));
        Assert.Equal(["deep"], Directory.EnumerateFileSystemEntries(folder["top"]).Select(Path.GetFileName));

        var sentence = Assert.Single(draft.CopyTo(folder.Path, new TargetTreeOptions { AllowLinks = true }));
        Assert.Contains("leads to", sentence, StringComparison.Ordinal);
        Assert.Equal("deep/file", new FileInfo(folder["top/link"]).LinkTarget);
        Assert.False(Path.Exists(folder["top/deep/out"]) || new FileInfo(folder["top/deep/out"]).LinkTarget is not null);
    }

    [Fact]
    public void A_manifest_with_one_bad_name_writes_nothing_at_all()
    {
        using var folder = new TemporaryFolder();

        Assert.NotEmpty(new TreeDraft().Folder(0, "top").File(1, "good", [1]).File(1, "..", [1]).CopyTo(folder.Path));
        Assert.NotEmpty(new TreeDraft().Folder(0, "top").File(1, "a", [1]).File(1, "A", [1]).CopyTo(folder.Path));
        Assert.NotEmpty(new TreeDraft().Folder(0, "top").File(2, "inside-a-file", [1]).CopyTo(folder.Path));
        Assert.NotEmpty(new TreeDraft().Folder(0, ".ssh").File(1, "config", [1]).CopyTo(folder.Path));
        Assert.NotEmpty(new TreeDraft().File(0, "x.p2p-map", [1]).CopyTo(folder.Path));

        Assert.Empty(folder.Names);
    }

    [Fact]
    public void A_broken_copy_goes_on_where_it_was_left()
    {
        using var folder = new TemporaryFolder();
        var content = TreeDraft.Bytes(12 << 20, 4);
        var draft = new TreeDraft().File(0, "large", content);
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions(), out var first, out _));
        using (first)
        {
            Assert.Null(first.Add(draft.Entries[0]));
            _ = first.Begin(0);
            Assert.Null(first.Write(0, 0, content.AsSpan(0, 7 << 20)));
        }

        Assert.Equal(["large.p2p-map", "large.p2p-part"], folder.Names);
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions(), out var second, out _));
        using (second)
        {
            Assert.Empty(draft.CopyTo(second, out var travelled));
            Assert.Equal(5 << 20, travelled);
        }

        Assert.Equal(["large"], folder.Names);
        Assert.Equal(content, File.ReadAllBytes(folder["large"]));
    }

    [Fact]
    public void A_peer_that_sends_what_was_not_agreed_is_stopped()
    {
        using var folder = new TemporaryFolder();
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions(), out var tree, out _));
        using var open = tree;
        Assert.Null(tree.Add(new TreeDraft().File(0, "a", new byte[100]).Entries[0]));
        _ = tree.Begin(0);

        Assert.True(tree.Write(0, 50, new byte[51])!.EndsSession);
        Assert.True(tree.Write(0, -1, new byte[1])!.EndsSession);
        Assert.True(tree.Write(0, long.MaxValue, new byte[1])!.EndsSession);
        Assert.True(tree.Write(7, 0, new byte[1])!.EndsSession);
        Assert.True(tree.Hole(0, 0, long.MaxValue)!.EndsSession);
        Assert.True(tree.Keep(0, 0, 100)!.EndsSession);
        Assert.True(tree.End(0, EntryStatus.Whole, 100, [])!.EndsSession);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Holes_stay_holes()
    {
        using var folder = new TemporaryFolder();
        const long size = 1L << 40;
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions(), out var tree, out _));
        using (tree)
        {
            var entry = new TreeDraft().File(0, "sparse", []).Entries[0] with { Size = size, Sparse = true };
            Assert.Null(tree.Add(entry));
            Assert.Null(tree.Prepare());
            _ = tree.Begin(0);
            Assert.Null(tree.Hole(0, 0, size - 4));
            Assert.Null(tree.Write(0, size - 4, [1, 2, 3, 4]));
            Assert.Null(tree.End(0, EntryStatus.Whole, size, []));
            Assert.Null(tree.Finish());
        }

        using var file = File.OpenHandle(folder["sparse"]);
        Assert.Equal(size, RandomAccess.GetLength(file));
        var end = new byte[8];
        Assert.Equal(8, RandomAccess.Read(file, end, size - 8));
        Assert.Equal([0, 0, 0, 0, 1, 2, 3, 4], end);
    }
}
