using P2PCopy.EndToEnd.Copy;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>What disks and files do to a running copy: each ends as promised, said on the side where it happened and heard on the other.</summary>
public sealed class FaultTests : IDisposable
{
    private const int Megabyte = 1 << 20;

    // Slow enough that something can happen in the middle.
    private static readonly string[] Slowly = ["--limit", "15M"];

    private readonly CopyPair _pair = new();

    private string Target => _pair.Target.FullName;

    public void Dispose() => _pair.Dispose();

    [MountFact]
    public async Task A_disk_that_becomes_full_ends_both_and_keeps_what_has_come()
    {
        using var mount = Mount.InMemory(Target, 64);
        var path = _pair.CreateFile("large.bin", 40 * Megabyte);
        var (sender, receiver) = await StartAsync([path], Slowly, "--max-size", "1G");
        await UntilThereAsync("large.bin.p2p-part", 8 * Megabyte);
        Fill(Path.Combine(Target, "other"));

        await AssertEndAsync(receiver, 7, "The disk became full while", "To go on: p2pcopy receiver");
        await AssertEndAsync(sender, 5, "The peer stopped the copy.", "The disk became full");
        Assert.Equal(["large.bin.p2p-map", "large.bin.p2p-part", "other"], Names());

        File.Delete(Path.Combine(Target, "other"));
        (sender, receiver) = await StartAsync([path], [], "--max-size", "1G");
        Assert.Equal((0, 0), (await sender.ExitAsync(), await receiver.ExitAsync()));
        Assert.Contains("travelled, the rest was there", receiver.Output, StringComparison.Ordinal);
        AssertSame("large.bin");
    }

    [MountFact]
    public async Task A_quota_that_is_used_up_ends_both_and_keeps_what_has_come()
    {
        using var mount = Mount.WithQuota(Target, 24);
        var (sender, receiver) = await StartAsync([_pair.CreateFile("large.bin", 60 * Megabyte)], [], "--max-size", "1G");

        await AssertEndAsync(receiver, 7, "Your quota on this disk is used up.");
        await AssertEndAsync(sender, 5, "The peer stopped the copy.");
        Assert.DoesNotContain("large.bin", Names());
    }

    [MountFact]
    public async Task A_disk_that_is_pulled_out_is_noticed_although_everything_could_be_written()
    {
        using var mount = Mount.InMemory(Target, 96);
        var (sender, receiver) = await StartAsync([_pair.CreateFile("large.bin", 20 * Megabyte)], Slowly, "--max-size", "1G");
        await UntilThereAsync("large.bin.p2p-part", 4 * Megabyte);
        mount.PullOut();

        await AssertEndAsync(receiver, 7, "is no longer what it was when the copy began.");
        await AssertEndAsync(sender, 5, "The peer stopped the copy.");
        Assert.Empty(Names());
    }

    [MountFact]
    public async Task A_disk_that_promised_more_than_it_has_leaves_no_file_that_looks_whole()
    {
        using var mount = Mount.OnLyingDisk(Target, 96);
        var (sender, receiver) = await StartAsync([_pair.CreateFile("large.bin", 70 * Megabyte)], [], "--max-size", "1G");

        await AssertEndAsync(receiver, 7, "large.bin' ");
        await AssertEndAsync(sender, 5, "The peer stopped the copy.");
        Assert.DoesNotContain("large.bin", Names());
    }

    [MountFact]
    public async Task A_name_that_the_disk_does_not_take_keeps_none_of_the_others_out()
    {
        using var mount = Mount.WithShortNames(Target);
        var tree = _pair.Source.CreateSubdirectory("d");
        var name = new string('n', 200) + ".txt";
        // With the ending of unfinished files it would be too long.
        var longest = new string('l', 166) + ".txt";
        foreach (var file in (string[])["a", longest, name, "z"]) File.WriteAllText(Path.Combine(tree.FullName, file), file);
        var (sender, receiver) = await StartAsync([tree.FullName], []);

        await AssertEndAsync(
            receiver, 7, "Warning: 1 of the names is too long for the disk there. The first:", "1 of 5 entries could not be copied.", "Not copied, since its name is too long for the disk here: ");
        await AssertEndAsync(sender, 5, "1 of 5 entries could not be copied.", "Not copied, since its name is too long for the disk at your peer: ");
        Assert.Equal(["a", longest, "z"], Directory.GetFiles(Path.Combine(Target, "d")).Select(Path.GetFileName).Order());
    }

    [MountFact]
    public async Task Where_two_names_are_one_nothing_that_exists_is_lost()
    {
        using var mount = Mount.WithoutCase(Target);
        File.WriteAllText(Path.Combine(Target, "PHOTO.JPG"), "mine");
        File.WriteAllText(Path.Combine(_pair.Source.FullName, "photo.jpg"), "theirs");
        var (sender, receiver) = await StartAsync([Path.Combine(_pair.Source.FullName, "photo.jpg")], []);

        Assert.Equal((0, 0), (await sender.ExitAsync(), await receiver.ExitAsync()));
        Assert.Equal(["PHOTO.JPG", "photo (1).jpg"], Names());
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Target, "PHOTO.JPG")));
        Assert.Equal("theirs", File.ReadAllText(Path.Combine(Target, "photo (1).jpg")));
    }

    [Fact]
    public async Task Files_that_change_or_go_while_they_are_read_are_named_on_both_sides_and_the_others_arrive()
    {
        var tree = _pair.Source.CreateSubdirectory("d");
        // More than is read ahead of what has been written.
        _pair.CreateSolidFile("d/1-first", 240 * Megabyte);
        foreach (var name in (string[])["d/2-changes", "d/3-goes", "d/4-last"]) _pair.CreateFile(name, Megabyte);
        var (sender, receiver) = await StartAsync([tree.FullName], ["--limit", "60M"]);
        await UntilThereAsync("d/1-first.p2p-part", Megabyte);
        File.AppendAllText(Path.Combine(tree.FullName, "2-changes"), "more");
        File.Delete(Path.Combine(tree.FullName, "3-goes"));

        await AssertEndAsync(sender, 2, "2 of 5 entries could not be copied.", $"Not copied, since it changed since the copy began: {tree.FullName}/2-changes", $"Not copied, since it cannot be read: {tree.FullName}/3-goes");
        await AssertEndAsync(receiver, 5, $"Not copied, since it changed at your peer meanwhile: {Target}/d/2-changes", $"Not copied, since your peer cannot read it: {Target}/d/3-goes");
        Assert.Equal(["1-first", "4-last"], Directory.GetFiles(Path.Combine(Target, "d")).Select(Path.GetFileName).Order());
        AssertSame("d/1-first");
        AssertSame("d/4-last");
    }

    [Fact]
    public async Task A_file_that_changes_in_its_middle_is_not_taken_for_whole()
    {
        var path = _pair.CreateSolidFile("large.bin", 240 * Megabyte);
        var (sender, receiver) = await StartAsync([path], ["--limit", "60M"]);
        await UntilThereAsync("large.bin.p2p-part", Megabyte);
        using (var file = File.OpenWrite(path)) file.WriteByte(1);

        await AssertEndAsync(sender, 2, "'large.bin' changed since the copy began.");
        await AssertEndAsync(receiver, 5, "Not copied, since it changed at your peer meanwhile: ");
        Assert.DoesNotContain("large.bin", Names());
    }

    [Fact]
    public async Task A_permission_that_is_taken_away_is_told_to_both_and_the_others_arrive()
    {
        if (OperatingSystem.IsWindows()) return;
        var tree = _pair.Source.CreateSubdirectory("d");
        tree.CreateSubdirectory("2");
        foreach (var name in (string[])["d/1", "d/2/x", "d/3"]) _pair.CreateFile(name, 6 * Megabyte);
        var (sender, receiver) = await StartAsync([tree.FullName], Slowly);
        await UntilThereAsync("d/1.p2p-part", Megabyte);
        File.SetUnixFileMode(Path.Combine(Target, "d", "2"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await AssertEndAsync(receiver, 7, $"Not copied, since the permissions of its folder here do not allow it: {Target}/d/2/x");
        await AssertEndAsync(sender, 5, $"Not copied, since the permissions of its folder at your peer do not allow it: {tree.FullName}/2/x");
        AssertSame("d/1");
        AssertSame("d/3");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Target, "d", "2")));
    }

    private async Task<(ProgramRun Sender, ProgramRun Receiver)> StartAsync(string[] paths, string[] senderWords, params string[] receiverWords)
    {
        string[] common = ["--stun", "none", "--ntp", "none"];
        var receiver = ProgramRun.StartBoundByPermissions(["receiver", Target, "--yes", .. common, .. receiverWords]);
        var sender = ProgramRun.Start(["send", .. paths, .. common, .. senderWords]);
        await ProgramRun.IntroduceAsync(sender, receiver);
        return (sender, receiver);
    }

    private Task UntilThereAsync(string name, long bytes) => Eventually.IsTrueAsync(
        () => new FileInfo(Path.Combine(Target, name)) is { Exists: true } file && file.Length >= bytes, $"{bytes} bytes of {name}", TimeSpan.FromSeconds(60));

    private static async Task AssertEndAsync(ProgramRun run, int code, params string[] said)
    {
        await run.AssertEndsAsync(code, TimeSpan.FromSeconds(90));
        Assert.All(said, words => Assert.Contains(words, run.ToString(), StringComparison.Ordinal));
    }

    private string[] Names() => [.. Directory.GetFileSystemEntries(Target).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private void AssertSame(string name) =>
        Assert.Equal(File.ReadAllBytes(Path.Combine(_pair.Source.FullName, name)), File.ReadAllBytes(Path.Combine(Target, name)));

    /// <summary>Takes all the room that is left.</summary>
    private static void Fill(string path)
    {
        try
        {
            using var file = File.Create(path);
            for (var bytes = new byte[64 << 10]; ;) file.Write(bytes);
        }
        catch (IOException)
        {
            // That is it.
        }
    }
}
