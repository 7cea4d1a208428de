using P2PCopy.EndToEnd.Copy;
using P2PCopy.EndToEnd.Processes;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>What a received file may, and what of the user's own is touched or removed.</summary>
public sealed class PermissionTests
{
    private const UnixFileMode Special = UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit;
    private const UnixFileMode AnyRun = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [Fact]
    public void A_file_gets_no_more_than_the_users_own_mask_allows_and_never_a_special_bit()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["mine"], "");
        Directory.CreateDirectory(folder["own"]);
        var (file, own) = (File.GetUnixFileMode(folder["mine"]), File.GetUnixFileMode(folder["own"]));
        Directory.CreateDirectory(folder["to"]);

        Assert.Empty(new TreeDraft().Folder(0, "d").File(1, "plain", [1]).File(1, "runs", [2], executable: true).CopyTo(folder["to"]));

        Assert.Equal(file, File.GetUnixFileMode(folder["to/d/plain"]));
        Assert.Equal(own, File.GetUnixFileMode(folder["to/d"]));
        var runs = File.GetUnixFileMode(folder["to/d/runs"]);
        Assert.Equal(UnixFileMode.None, runs & Special);
        // Who may not read it may not run it either.
        Assert.Equal((int)(file & ~AnyRun), (int)(runs & ~AnyRun));
        Assert.Equal(((int)file & 0x124) >> 2, (int)(runs & AnyRun));
    }

    [Fact]
    public void What_a_sender_has_of_special_bits_does_not_travel()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["from"]);
        Directory.CreateDirectory(folder["to"]);
        File.WriteAllText(folder["from/tool"], "#!/bin/sh");
        File.SetUnixFileMode(folder["from/tool"], (UnixFileMode)0xFFF);
        File.SetUnixFileMode(folder["from"], (UnixFileMode)0xFFF);
        Assert.True(SourceTree.TryWalk([folder["from"]], withLinks: false, out var source, out _));
        using (source)
        {
            var draft = new TreeDraft().Folder(0, "from").File(1, "tool", [1], source.List().Last().Executable);
            Assert.Empty(draft.CopyTo(folder["to"]));
        }

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder["to/from/tool"]) & (Special | UnixFileMode.OtherWrite));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder["to/from"]) & (Special | UnixFileMode.OtherWrite));
    }

    [Fact]
    public void Nothing_is_removed_that_took_the_name_of_an_unfinished_file()
    {
        using var folder = new TemporaryFolder();
        Assert.True(TargetTree.TryOpen(folder.Path, new TargetTreeOptions(), out var tree, out _));
        using (tree)
        {
            Assert.Null(tree.Add(new TreeDraft().File(0, "a", new byte[NamelessFile.MostBytes + 1]).Entries[0]));
            _ = tree.Begin(0);
            Assert.Null(tree.Write(0, 0, [1]));
            File.Move(folder["a.p2p-part"], folder["elsewhere"]);
            File.WriteAllText(folder["a.p2p-part"], "somebody else's");
            Assert.Null(tree.End(0, EntryStatus.Dropped, 1, []));
        }

        Assert.Equal("somebody else's", File.ReadAllText(folder["a.p2p-part"]));
        Assert.True(File.Exists(folder["elsewhere"]));
    }

    [Fact]
    public void A_peer_can_neither_offer_nor_remove_unfinished_files_of_another_copy()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["b.p2p-part"], "another copy's");
        foreach (var name in (string[])["b.p2p-part", "B.P2P-PART", "b.p2p-map"])
            Assert.Single(new TreeDraft().File(0, name, [1]).CopyTo(folder.Path, new TargetTreeOptions { Existing = ExistingFile.Overwrite }));
        Assert.Equal("another copy's", File.ReadAllText(folder["b.p2p-part"]));
    }

    [Fact]
    public void Devices_and_pipes_are_neither_opened_nor_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "making devices needs root on Linux");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        RealProcess.Run("mkfifo", [folder["d/pipe"]]);
        RealProcess.Run("mknod", [folder["d/zero"], "c", "1", "5"]);
        Assert.True(SourceTree.TryWalk([folder["d"]], withLinks: false, out var tree, out _));
        using (tree)
        {
            Assert.Single(tree.List());
            Assert.Equal(2, tree.Notes.Count);
            Assert.All(tree.Notes, static note => Assert.Contains("is a device, a pipe or a socket and was left out", note, StringComparison.Ordinal));
        }

        // A file that is exchanged for one of them after it was listed.
        File.WriteAllText(folder["d/file"], "x");
        Assert.True(SourceTree.TryWalk([folder["d"]], withLinks: false, out var second, out _));
        using (second)
        {
            var file = second.List().Last();
            File.Delete(folder["d/file"]);
            RealProcess.Run("mkfifo", [folder["d/file"]]);
            Assert.Equal(EntryStatus.Unreadable, second.Read(file.Index, 0, new byte[1]).Status);
        }
    }
}
