using P2PCopy.EndToEnd.Copy;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.EndToEnd.Tree;

public sealed class TreeDiskFaultTests
{
    [MountFact]
    public void A_disk_too_small_is_told_before_anything_is_written()
    {
        using var disk = new Tmpfs(megabytes: 4);
        var sentence = Assert.Single(new TreeDraft().Folder(0, "top").File(1, "large", new byte[5 << 20]).CopyTo(disk.Folder.Path));
        Assert.Contains("not enough room", sentence, StringComparison.Ordinal);
        Assert.Empty(disk.Folder.Names);
    }

    [MountFact]
    public void A_disk_that_becomes_full_ends_the_copy_with_a_sentence_and_keeps_what_can_be_gone_on_with()
    {
        using var disk = new Tmpfs(megabytes: 16);
        var content = TreeDraft.Bytes(12 << 20, 5);
        var entry = new TreeDraft().File(0, "large", content).Entries[0];
        Assert.True(TargetTree.TryOpen(disk.Folder.Path, new TargetTreeOptions(), out var tree, out _));
        using (tree)
        {
            Assert.Null(tree.Add(entry));
            Assert.Null(tree.Prepare());
            _ = tree.Begin(0);
            Assert.Null(tree.Write(0, 0, content.AsSpan(0, 6 << 20)));
            File.WriteAllBytes(disk.Folder["other"], new byte[9 << 20]);
            var fault = tree.Write(0, 6 << 20, content.AsSpan(6 << 20));
            Assert.True(fault!.EndsSession);
            Assert.Contains("full", fault.Ending.What, StringComparison.Ordinal);
        }

        disk.Remove("other");
        Assert.Equal(["large.p2p-map", "large.p2p-part"], disk.Folder.Names);
        Assert.True(TargetTree.TryOpen(disk.Folder.Path, new TargetTreeOptions(), out var second, out _));
        using (second)
        {
            Assert.Empty(new TreeDraft().File(0, "large", content).CopyTo(second, out var travelled));
            Assert.InRange(travelled, 1, 6 << 20);
        }

        Assert.Equal(content, File.ReadAllBytes(disk.Folder["large"]));
    }

    [MountFact]
    public void A_read_only_disk_is_told_for_every_entry_and_nothing_throws()
    {
        using var disk = new Tmpfs(megabytes: 4);
        disk.MakeReadOnly();
        var sentences = new TreeDraft().Folder(0, "top").File(1, "a", [1]).File(0, "b", [2]).CopyTo(disk.Folder.Path);
        Assert.Contains(sentences, static sentence => sentence.Contains("read-only", StringComparison.Ordinal));
        Assert.Empty(disk.Folder.Names);
    }

    [MountFact]
    public void A_small_file_that_finds_no_room_leaves_no_name_behind()
    {
        using var disk = new Tmpfs(megabytes: 1);
        File.WriteAllBytes(disk.Folder["other"], new byte[(1 << 20) - 8192]);
        var sentences = new TreeDraft().File(0, "a", new byte[4000]).File(0, "b", TreeDraft.Bytes(100_000, 1)).CopyTo(disk.Folder.Path);
        Assert.NotEmpty(sentences);
        Assert.DoesNotContain("b", disk.Folder.Names);
    }

    [Fact]
    public void A_folder_that_is_removed_meanwhile_ends_its_files_with_sentences()
    {
        using var folder = new TemporaryFolder();
        var draft = new TreeDraft().Folder(0, "top").File(1, "a", [1]).File(0, "b", [2]);
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions(), out var tree, out _));
        using var open = tree;
        foreach (var entry in draft.Entries) Assert.Null(tree.Add(entry));
        foreach (var entry in draft.Entries) _ = tree.Begin(entry.Index);
        Directory.Delete(folder["top"], recursive: true);

        Assert.NotNull(tree.Write(1, 0, [1]));
        Assert.Null(tree.Write(1, 0, [1]));
        Assert.Null(tree.End(1, EntryStatus.Whole, 1, []));
        Assert.Null(tree.Write(2, 0, [2]));
        Assert.Null(tree.End(2, EntryStatus.Whole, 1, []));
        _ = tree.Finish();
        Assert.Equal(["b"], folder.Names);
    }
}
