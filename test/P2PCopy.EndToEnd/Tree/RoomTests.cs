using P2PCopy.EndToEnd.Copy;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>What a peer announces must fit, and what nobody announced is watched.</summary>
public sealed class RoomTests
{
    private const int Megabyte = 1 << 20;

    [MountFact]
    public void One_per_cent_of_what_comes_stays_free()
    {
        using var disk = new Tmpfs(megabytes: 16);
        Assert.NotNull(Prepare(disk, Free(disk)));
        Assert.NotNull(Prepare(disk, (Free(disk) * 100 / 101) + 4096));
        Assert.Null(Prepare(disk, (Free(disk) * 100 / 101) - 4096));
        Assert.NotNull(Prepare(disk, 9 * Megabyte, 9 * Megabyte));
        Assert.NotNull(Prepare(disk, long.MaxValue, long.MaxValue, long.MaxValue));
    }

    [MountFact]
    public void Where_nobody_looks_half_of_the_disk_stays_free()
    {
        using var disk = new Tmpfs(megabytes: 16);
        var options = new TargetTreeOptions { IsUnattended = true };
        var refusal = Prepare(disk, options, 9 * Megabyte);
        Assert.Equal(OutcomeKind.Refused, refusal!.Kind);
        Assert.Contains("--max-size", refusal.Next, StringComparison.Ordinal);
        Assert.Null(Prepare(disk, options, 7 * Megabyte));
        Assert.Equal(OutcomeKind.LocalDisk, Prepare(disk, options, 20 * Megabyte)!.Kind);
    }

    [MountFact]
    public void What_an_earlier_copy_brought_needs_no_room_again()
    {
        using var disk = new Tmpfs(megabytes: 16);
        File.WriteAllBytes(disk.Folder["f0.p2p-part"], new byte[6 * Megabyte]);
        Assert.Null(Prepare(disk, new TargetTreeOptions { IsUnattended = true }, 10 * Megabyte));
    }

    [MountFact]
    public void Where_nobody_looks_unfinished_files_of_other_copies_count()
    {
        using var disk = new Tmpfs(megabytes: 16);
        Directory.CreateDirectory(disk.Folder["folder"]);
        File.WriteAllBytes(disk.Folder["folder/other.p2p-part"], new byte[6 * Megabyte]);
        var options = new TargetTreeOptions { IsUnattended = true };
        Assert.Null(Prepare(disk, options, 1 * Megabyte));
        var refusal = Prepare(disk, options, 3 * Megabyte);
        Assert.Equal(OutcomeKind.Refused, refusal!.Kind);
        Assert.Contains("unfinished files of other copies", refusal.What, StringComparison.Ordinal);
        Assert.Null(Prepare(disk, new TargetTreeOptions(), 3 * Megabyte));
    }

    [MountFact]
    public void Where_nobody_looks_they_count_towards_what_the_user_allowed()
    {
        using var disk = new Tmpfs(megabytes: 64);
        File.WriteAllBytes(disk.Folder["other.p2p-part"], new byte[6 * Megabyte]);
        File.WriteAllBytes(disk.Folder["f0.p2p-part"], new byte[2 * Megabyte]);
        var options = new TargetTreeOptions { IsUnattended = true, MaxSize = 10 * Megabyte };
        Assert.Null(Prepare(disk, options, 4 * Megabyte));
        var refusal = Prepare(disk, options, (4 * Megabyte) + 1);
        Assert.Equal(OutcomeKind.Refused, refusal!.Kind);
        Assert.Contains("unfinished files of other copies", refusal.What, StringComparison.Ordinal);
        Assert.Null(Prepare(disk, options with { IsUnattended = false }, 10 * Megabyte));

        var entry = new TreeEntry { Index = 0, Depth = 0, Kind = EntryKind.Stream, Name = "stdin" };
        Assert.Equal(OutcomeKind.Refused, WriteUntilStopped(disk, options, entry, out var written).Ending.Kind);
        Assert.Equal(2 * Megabyte, written);
    }

    [MountFact]
    public void A_file_that_says_it_has_holes_and_has_none_is_stopped_before_the_disk_is_full()
    {
        using var disk = new Tmpfs(megabytes: 64);
        var entry = new TreeEntry { Index = 0, Depth = 0, Kind = EntryKind.File, Name = "image", Size = 1L << 40, Sparse = true };
        var fault = WriteUntilStopped(disk, new TargetTreeOptions { IsUnattended = true }, entry, out var written);
        Assert.Equal(OutcomeKind.Refused, fault.Ending.Kind);
        Assert.InRange(written, 20 * Megabyte, 48 * Megabyte);
        Assert.InRange(Free(disk), 16 * Megabyte, 64 * Megabyte);
    }

    [MountFact]
    public void A_stream_without_end_is_stopped_when_the_disk_is_full_and_at_what_the_user_allowed()
    {
        using var disk = new Tmpfs(megabytes: 64);
        var entry = new TreeEntry { Index = 0, Depth = 0, Kind = EntryKind.Stream, Name = "stdin" };
        Assert.Equal(OutcomeKind.LocalDisk, WriteUntilStopped(disk, new TargetTreeOptions(), entry, out _).Ending.Kind);
        disk.Remove("stdin.p2p-part");
        Assert.Equal(OutcomeKind.Refused, WriteUntilStopped(disk, new TargetTreeOptions { MaxSize = 10 * Megabyte }, entry, out var written).Ending.Kind);
        Assert.Equal(10 * Megabyte, written);
    }

    [Fact]
    public void Nothing_is_reserved_for_a_tebibyte_that_was_announced_with_holes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "holes are made on Linux");
        using var folder = new TemporaryFolder();
        var entry = new TreeEntry { Index = 0, Depth = 0, Kind = EntryKind.File, Name = "image", Size = 1L << 40, Sparse = true };
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions(), out var tree, out _));
        using (tree)
        {
            Assert.Null(tree.Add(entry));
            Assert.Null(tree.Prepare());
            Assert.Equal(PlanKind.Fresh, tree.Begin(0).Kind);
            Assert.Null(tree.Write(0, 0, [1]));
            Assert.Null(tree.Hole(0, 1, (1L << 40) - 1));
            Assert.Null(tree.End(0, EntryStatus.Whole, 1L << 40, []));
            Assert.Null(tree.Finish());
        }

        using var root = FolderHandle.OpenRoot(folder.Path);
        var facts = root.Look("image")!.Value;
        Assert.Equal(1L << 40, facts.Size);
        Assert.InRange(facts.Allocated, 1, Megabyte);
    }

    private static long Free(Tmpfs disk) => new DriveInfo(disk.Folder.Path).AvailableFreeSpace;

    private static Ending? Prepare(Tmpfs disk, params long[] sizes) => Prepare(disk, new TargetTreeOptions(), sizes);

    private static Ending? Prepare(Tmpfs disk, TargetTreeOptions options, params long[] sizes)
    {
        Assert.True(TargetTree.TryOpen(disk.Folder.Path, options, out var tree, out _));
        using (tree)
        {
            for (var index = 0; index < sizes.Length; index++) Assert.Null(tree.Add(new TreeEntry { Index = index, Depth = 0, Kind = EntryKind.File, Name = $"f{index}", Size = sizes[index] }));
            return tree.Prepare();
        }
    }

    private static TargetFault WriteUntilStopped(Tmpfs disk, TargetTreeOptions options, TreeEntry entry, out long written)
    {
        Assert.True(TargetTree.TryOpen(disk.Folder.Path, options, out var tree, out _));
        using (tree)
        {
            Assert.Null(tree.Add(entry));
            Assert.Null(tree.Prepare());
            _ = tree.Begin(0);
            var bytes = TreeDraft.Bytes(Megabyte, 1);
            for (written = 0; ; written += bytes.Length)
            {
                Assert.InRange(written, 0, 100 * Megabyte);
                if (tree.Write(0, written, bytes) is not { } fault) continue;
                Assert.True(fault.EndsSession);
                return fault;
            }
        }
    }
}
