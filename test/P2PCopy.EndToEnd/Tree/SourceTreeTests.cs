using P2PCopy.EndToEnd.Copy;
using P2PCopy.EndToEnd.Processes;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.EndToEnd.Tree;

public sealed class SourceTreeTests
{
    [Fact]
    public void A_walk_finds_what_can_be_sent_and_follows_no_link()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["top/empty"]);
        Directory.CreateDirectory(folder["top/deep/写真"]);
        File.WriteAllBytes(folder["top/deep/写真/a"], [1, 2, 3]);
        File.WriteAllText(folder["top/x.p2p-part"], "unfinished");
        File.CreateSymbolicLink(folder["top/secret"], "/etc/passwd");
        File.CreateSymbolicLink(folder["top/near"], "deep/写真/a");
        if (OperatingSystem.IsLinux()) RealProcess.Run("mkfifo", [folder["top/pipe"]]);

        Assert.True(SourceTree.TryWalk([folder["top"]], withLinks: true, out var tree, out _));
        using (tree)
        {
            var entries = tree.List().ToArray();
            Assert.Equal(["a", "deep", "empty", "near", "top", "写真"], entries.Select(static entry => entry.Name).Order(StringComparer.Ordinal));
            Assert.Equal((6, 1, 3L), (tree.Summary.Entries, tree.Summary.Files, tree.Summary.TotalBytes));
            Assert.Equal(OperatingSystem.IsLinux() ? 2 : 1, tree.Notes.Count);
            var file = entries.Single(static entry => entry.Name == "a");
            var bytes = new byte[10];
            Assert.Equal(3, tree.Read(file.Index, 0, bytes).Count);
            Assert.Equal([1, 2, 3], bytes[..3]);
            Assert.Equal(EntryStatus.Whole, tree.Close(file.Index));
        }
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("no/where")]
    [InlineData("file/below")]
    [InlineData("loose")]
    public void What_is_not_there_is_told_as_that(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["file"], [1]);
        File.CreateSymbolicLink(folder["loose"], "nowhere");

        Assert.False(SourceTree.TryWalk([folder["file"], folder[name]], withLinks: false, out _, out var failure));
        Assert.Equal(OutcomeKind.SourceFailed, failure.Kind);
        Assert.Equal($"There is no file or folder '{folder[name]}'.", failure.What);
    }

    [Fact]
    public void Names_that_some_system_does_not_take_can_be_replaced_and_lead_to_the_files_all_the_same()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "such names cannot be made there");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["top/12:30"]);
        foreach (var (name, content) in ((string, string)[])[("12:30/a?b", "1"), ("a_b", "2"), ("a:b", "3"), ("a|b", "4"), ("CON", "5"), ("x.p2p-part", "no")]) File.WriteAllText(folder[$"top/{name}"], content);

        Assert.True(SourceTree.TryWalk([folder["top"]], withLinks: false, out var plain, out _));
        using (plain) Assert.Equal(["a_b", "top"], plain.List().Select(static entry => entry.Name).Order(StringComparer.Ordinal));

        Assert.True(SourceTree.TryWalk([folder["top"]], withLinks: false, out var tree, out _, renamesUnsafe: true));
        using (tree)
        {
            var entries = tree.List().ToArray();
            Assert.Equal(["12_30", "CON_", "a_b", "a_b", "a_b (1)", "a_b (2)", "top"], entries.Select(static entry => entry.Name).Order(StringComparer.Ordinal));
            var contents = entries.Where(static entry => entry.Kind == EntryKind.File).Select(entry => (entry.Name, Read(tree, entry.Index)));
            Assert.Equal([("CON_", "5"), ("a_b", "1"), ("a_b", "2"), ("a_b (1)", "3"), ("a_b (2)", "4")], contents.OrderBy(static file => file.Name, StringComparer.Ordinal).ThenBy(static file => file.Item2, StringComparer.Ordinal));
            Assert.Contains("'top/a:b' is sent as 'a_b (1)'.", tree.Notes);
            Assert.Equal(folder["top/a:b"], tree.PathOf(entries.Single(static entry => entry.Name == "a_b (1)").Index));
        }

        static string Read(SourceTree tree, int index)
        {
            var bytes = new byte[10];
            var count = tree.Read(index, 0, bytes).Count;
            Assert.Equal(EntryStatus.Whole, tree.Close(index));
            return System.Text.Encoding.UTF8.GetString(bytes, 0, count);
        }
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_is_noticed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a"], new byte[100]);
        Assert.True(SourceTree.TryWalk([folder["a"]], withLinks: false, out var tree, out _));
        using var open = tree;
        Assert.Equal(50, tree.Read(0, 0, new byte[50]).Count);

        File.WriteAllBytes(folder["a"], new byte[80]);

        Assert.NotEqual(EntryStatus.Whole, tree.Read(0, 50, new byte[50]).Status);
        Assert.Equal(EntryStatus.Changed, tree.Close(0));
    }

    [Fact]
    public void A_file_exchanged_for_a_link_is_not_read()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["top"]);
        File.WriteAllBytes(folder["top/a"], [1]);
        Assert.True(SourceTree.TryWalk([folder["top"]], withLinks: false, out var tree, out _));
        using var open = tree;
        File.Delete(folder["top/a"]);
        File.CreateSymbolicLink(folder["top/a"], "/etc/passwd");

        Assert.Equal(EntryStatus.Unreadable, tree.Read(1, 0, new byte[1]).Status);
        Assert.Equal(EntryStatus.Unreadable, tree.Close(1));
    }

    [Fact]
    public void Holes_are_found_where_the_system_tells_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "holes are asked for on Linux");
        using var folder = new TemporaryFolder();
        using (var file = File.OpenHandle(folder["a"], FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.Write(file, [1], 64 << 20);
            RandomAccess.SetLength(file, 128 << 20);
        }

        Assert.True(SourceTree.TryWalk([folder["a"]], withLinks: false, out var tree, out _));
        using var open = tree;
        Assert.True(tree.List().Single().Sparse);
        Assert.Equal((64L << 20, true), (tree.Map(0, 0).End, tree.Map(0, 0).IsHole));
        var data = tree.Map(0, 64 << 20);
        Assert.False(data.IsHole);
        Assert.Equal((128L << 20, true), (tree.Map(0, data.End).End, tree.Map(0, data.End).IsHole));
    }
}
