using P2PCopy.EndToEnd.Copy;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>Small files, which have no name until they are whole, and what takes their place where there are none.</summary>
public sealed class NamelessFileTests
{
    private static readonly byte[] Large = TreeDraft.Bytes(NamelessFile.MostBytes + 1, 1);

    [Fact]
    public void A_small_file_has_no_name_until_it_is_whole_and_on_the_disk()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has files without a name");
        using var folder = new TemporaryFolder();
        using var tree = Open(folder.Path);
        var draft = new TreeDraft().File(0, "small", TreeDraft.Bytes(NamelessFile.MostBytes, 2)).File(0, "large", Large).File(0, "none", []);
        Begin(tree, draft);

        Assert.Null(tree.Write(0, 0, TreeDraft.Bytes(NamelessFile.MostBytes, 2)));
        Assert.Null(tree.End(0, EntryStatus.Whole, NamelessFile.MostBytes, []));
        Assert.Null(tree.Write(1, 0, Large));
        Assert.Null(tree.End(2, EntryStatus.Whole, 0, []));
        Assert.Equal(["large.p2p-part"], folder.Names);

        Assert.Null(tree.Settle());
        Assert.Equal(["large.p2p-part", "none", "small"], folder.Names);
        Assert.Equal(TreeDraft.Bytes(NamelessFile.MostBytes, 2), File.ReadAllBytes(folder["small"]));
        Assert.Empty(File.ReadAllBytes(folder["none"]));
    }

    [Fact]
    public void A_copy_that_breaks_names_what_is_whole_and_leaves_nothing_of_the_rest()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has files without a name");
        using var folder = new TemporaryFolder();
        using (var tree = Open(folder.Path))
        {
            Begin(tree, new TreeDraft().File(0, "whole", [1]).File(0, "dropped", [1, 2]).File(0, "begun", [1, 2]));
            Assert.Null(tree.Write(0, 0, [7]));
            Assert.Null(tree.End(0, EntryStatus.Whole, 1, []));
            Assert.Null(tree.Write(1, 0, [7]));
            Assert.Null(tree.End(1, EntryStatus.Dropped, 1, []));
            Assert.Null(tree.Write(2, 0, [7]));
        }

        Assert.Equal(["whole"], folder.Names);
        Assert.Equal([7], File.ReadAllBytes(folder["whole"]));
    }

    [Fact]
    public void What_is_there_keeps_its_name_also_when_it_came_meanwhile()
    {
        using var folder = new TemporaryFolder();
        using var tree = Open(folder.Path);
        Begin(tree, new TreeDraft().File(0, "a.txt", [1]).File(0, "b.txt", [1]));
        File.WriteAllText(folder["a (1).txt"], "mine, too");
        End(tree, 0);
        File.WriteAllText(folder["a.txt"], "mine");
        End(tree, 1);

        Assert.Null(tree.Settle());
        Assert.Equal(["a (1).txt", "a (2).txt", "a.txt", "b.txt"], folder.Names);
        Assert.Equal("mine", File.ReadAllText(folder["a.txt"]));
        Assert.Equal("mine, too", File.ReadAllText(folder["a (1).txt"]));
        Assert.Equal([7], File.ReadAllBytes(folder["a (2).txt"]));
    }

    [Fact]
    public void What_may_be_replaced_is_replaced_also_when_it_came_meanwhile()
    {
        using var folder = new TemporaryFolder();
        using var tree = Open(folder.Path, new TargetTreeOptions { Existing = ExistingFile.Overwrite });
        File.WriteAllText(folder["old"], "old");
        Begin(tree, new TreeDraft().File(0, "old", [1]).File(0, "new", [1], executable: true));
        End(tree, 0);
        End(tree, 1);
        File.WriteAllText(folder["new"], "mine");

        Assert.Null(tree.Settle());
        Assert.Equal(["new", "old"], folder.Names);
        Assert.Equal([7], File.ReadAllBytes(folder["old"]));
        Assert.Equal([7], File.ReadAllBytes(folder["new"]));
        Assert.Equal(DateTime.UnixEpoch.AddTicks(TreeDraft.Time / 100), File.GetLastWriteTimeUtc(folder["new"]));
        if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(folder["new"]).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public void Time_and_permissions_are_those_of_a_file_that_had_a_name_from_the_beginning()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        Assert.Empty(new TreeDraft().Folder(0, "d").File(1, "small", [1]).File(1, "large", Large).File(1, "small tool", [1], executable: true).File(1, "large tool", Large, executable: true)
            .CopyTo(folder.Path));

        Assert.Equal(File.GetUnixFileMode(folder["d/large"]), File.GetUnixFileMode(folder["d/small"]));
        Assert.Equal(File.GetUnixFileMode(folder["d/large tool"]), File.GetUnixFileMode(folder["d/small tool"]));
        Assert.NotEqual(File.GetUnixFileMode(folder["d/small"]), File.GetUnixFileMode(folder["d/small tool"]));
        foreach (var name in (string[])["small", "large", "small tool", "large tool"])
            Assert.Equal(DateTime.UnixEpoch.AddTicks(TreeDraft.Time / 100), File.GetLastWriteTimeUtc(folder[$"d/{name}"]));
    }

    [Fact]
    public void What_is_found_of_an_earlier_copy_is_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        var content = TreeDraft.Bytes(1000, 3);
        File.WriteAllBytes(folder["a.p2p-part"], content);
        using var tree = Open(folder.Path);
        Assert.Empty(new TreeDraft().File(0, "a", content).CopyTo(tree, out var travelled));

        Assert.Equal(0, travelled);
        Assert.Equal(["a"], folder.Names);
        Assert.Equal(content, File.ReadAllBytes(folder["a"]));
    }

    [MountFact]
    public void Where_a_file_system_has_no_nameless_files_they_have_the_name_of_a_part()
    {
        using var work = new TemporaryFolder();
        using var disk = Mount.WithoutCase(work.Path);
        using var tree = Open(work.Path);
        Begin(tree, new TreeDraft().File(0, "a", [1]).File(0, "b", [1]));
        End(tree, 0);
        End(tree, 1);
        Assert.Equal(["a.p2p-part", "b.p2p-part"], work.Names);

        Assert.Null(tree.Settle());
        Assert.Equal(["a", "b"], work.Names);
        Assert.Equal([7], File.ReadAllBytes(work["b"]));
    }

    [MountFact]
    public void A_folder_that_refuses_a_name_is_not_tried_again()
    {
        using var work = new TemporaryFolder();
        Directory.CreateDirectory(work["folder"]);
        Directory.CreateDirectory(work["again"]);
        using var mount = Mount.OfOther(work["again"], work["folder"]);
        using var folder = FolderHandle.OpenRoot(work["folder"]);
        using var again = FolderHandle.OpenRoot(work["again"]);
        using var file = folder.TryMakeNameless()!;
        Assert.NotNull(again.TryMakeNameless());

        Assert.Equal(Naming.Refused, again.TryName(file, "a"));
        Assert.Null(again.TryMakeNameless());
        Assert.Equal(Naming.Given, folder.TryName(file, "a"));
        Assert.Equal(Naming.Taken, folder.TryName(file, "a"));
        Assert.NotNull(folder.TryMakeNameless());
        Assert.True(File.Exists(work["again/a"]));
    }

    private static TargetTree Open(string folder, TargetTreeOptions? options = null)
    {
        Assert.True(TargetTree.TryOpen(folder, options ?? new TargetTreeOptions(), out var tree, out _));
        return tree;
    }

    private static void Begin(TargetTree tree, TreeDraft draft)
    {
        foreach (var entry in draft.Entries) Assert.Null(tree.Add(entry));
        foreach (var entry in draft.Entries) Assert.Null(tree.Begin(entry.Index).Fault);
    }

    private static void End(TargetTree tree, int index)
    {
        Assert.Null(tree.Write(index, 0, [7]));
        Assert.Null(tree.End(index, EntryStatus.Whole, 1, []));
    }
}
