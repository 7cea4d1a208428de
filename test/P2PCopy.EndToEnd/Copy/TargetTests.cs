using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>What the receiver does to its folder, and what the folder can do to a copy.</summary>
public sealed class TargetTests
{
    [Fact]
    public async Task Both_files_are_kept_by_default()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        await File.WriteAllTextAsync(to["a.txt"], "old", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(to["a (1).txt"], "older", TestContext.Current.CancellationToken);
        Offer? offer = null;

        var (sent, received) = await CopyPair.RunAsync(from.Write("a.txt", 10), new ReceiveOptions { Folder = to.Path }, (asked, _) =>
        {
            offer = asked;
            return ValueTask.FromResult(OfferDecision.Accept);
        });

        Assert.Equal(OutcomeKind.Done, sent.Kind);
        Assert.True(offer!.Exists);
        Assert.Equal(to["a (2).txt"], offer.TargetPath);
        Assert.Equal(to["a (2).txt"], received.FinalPath);
        Assert.Contains("both were kept", received.Note, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(to["a.txt"], TestContext.Current.CancellationToken));
        Assert.Equal(["a (1).txt", "a (2).txt", "a.txt"], to.Names);
    }

    [Fact]
    public async Task An_existing_file_is_replaced_only_when_asked_and_only_at_the_end()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        await File.WriteAllTextAsync(to["a.txt"], "old", TestContext.Current.CancellationToken);
        var options = new ReceiveOptions { Folder = to.Path, Existing = ExistingFile.Overwrite };

        var (_, received) = await CopyPair.RunAsync(from.Write("a.txt", 10), options);

        Assert.Equal(to["a.txt"], received.FinalPath);
        Assert.Equal(["a.txt"], to.Names);
        Assert.Equal(10, new FileInfo(to["a.txt"]).Length);
    }

    [Fact]
    public async Task A_broken_copy_leaves_the_file_that_it_would_have_replaced()
    {
        using var to = new TemporaryFolder();
        await File.WriteAllTextAsync(to["a.bin"], "old", TestContext.Current.CancellationToken);
        var (a, b) = DuplexStream.Pair();
        var peer = new ScriptedPeer(a);
        var receiving = new CopyRunner(b.Connection).ReceiveAsync(
            new ReceiveOptions { Folder = to.Path, Existing = ExistingFile.Overwrite }, CopyPair.Accept, CancellationToken.None);
        await peer.SayAsync([.. ScriptedPeer.Header("a.bin", 100), .. ScriptedPeer.Length(50), .. new byte[50]]);
        Assert.Equal([1], await peer.HearAsync(1));
        Assert.Equal(["a.bin", "a.bin.p2p-part"], to.Names);
        peer.Close();

        Assert.Equal(OutcomeKind.BrokenOff, (await receiving).Kind);
        Assert.Equal(["a.bin"], to.Names);
        Assert.Equal("old", await File.ReadAllTextAsync(to["a.bin"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_existing_file_can_be_skipped_and_the_sender_hears_it()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        await File.WriteAllTextAsync(to["a.txt"], "old", TestContext.Current.CancellationToken);

        var (sent, received) = await CopyPair.RunAsync(from.Write("a.txt", 10), new ReceiveOptions { Folder = to.Path, Existing = ExistingFile.Skip });

        Assert.Equal(OutcomeKind.Refused, sent.Kind);
        Assert.Equal(OutcomeKind.Refused, received.Kind);
        Assert.Equal("old", await File.ReadAllTextAsync(to["a.txt"], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000_000)]
    public async Task A_refusal_reaches_the_sender(long size)
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();

        var (sent, received) = await CopyPair.RunAsync(
            from.Write("a.txt", size), new ReceiveOptions { Folder = to.Path }, (_, _) => ValueTask.FromResult(OfferDecision.Refuse("Not today.")));

        Assert.Equal(OutcomeKind.Refused, sent.Kind);
        Assert.Equal(OutcomeKind.Refused, received.Kind);
        Assert.Equal("Not today.", received.Why);
        Assert.Empty(to.Names);
    }

    [Fact]
    public async Task A_part_file_of_somebody_else_is_never_touched()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        await File.WriteAllTextAsync(to["a.txt.p2p-part"], "not yours", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(to["a.txt.2.p2p-part"], from["nowhere"]);

        var (sent, _) = await CopyPair.RunAsync(from.Write("a.txt", 10), new ReceiveOptions { Folder = to.Path });

        Assert.Equal(OutcomeKind.Done, sent.Kind);
        Assert.Equal(["a.txt", "a.txt.2.p2p-part", "a.txt.p2p-part"], to.Names);
        Assert.Equal("not yours", await File.ReadAllTextAsync(to["a.txt.p2p-part"], TestContext.Current.CancellationToken));
        Assert.False(File.Exists(from["nowhere"]));
    }

    [Theory]
    [InlineData(ExistingFile.KeepBoth, "a (1).txt")]
    [InlineData(ExistingFile.Overwrite, "a.txt")]
    public async Task A_planted_link_under_the_final_name_is_not_followed(ExistingFile existing, string name)
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        File.CreateSymbolicLink(to["a.txt"], from["victim"]);

        var (_, received) = await CopyPair.RunAsync(from.Write("a.txt", 10), new ReceiveOptions { Folder = to.Path, Existing = existing });

        Assert.Equal(to[name], received.FinalPath);
        Assert.False(File.Exists(from["victim"]));
    }

    [Fact]
    public async Task A_folder_is_not_replaced_by_a_file()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        Directory.CreateDirectory(to["a.txt"]);

        var (sent, received) = await CopyPair.RunAsync(from.Write("a.txt", 10), new ReceiveOptions { Folder = to.Path, Existing = ExistingFile.Overwrite });

        Assert.Equal(OutcomeKind.LocalDisk, received.Kind);
        Assert.Equal(OutcomeKind.Refused, sent.Kind);
        Assert.Equal(["a.txt"], to.Names);
    }

    [Fact]
    public async Task Nothing_is_received_into_a_folder_whose_content_is_obeyed()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        Directory.CreateDirectory(to[".ssh"]);
        var path = from.Write("a.txt", 10);

        var (_, refused) = await CopyPair.RunAsync(path, new ReceiveOptions { Folder = to[".ssh"] });
        var (_, allowed) = await CopyPair.RunAsync(path, new ReceiveOptions { Folder = to[".ssh"], AllowSensitive = true });

        Assert.Equal(OutcomeKind.Refused, refused.Kind);
        Assert.Equal(OutcomeKind.Done, allowed.Kind);
    }

    [Fact]
    public async Task A_missing_folder_is_told_before_the_user_is_asked()
    {
        using var from = new TemporaryFolder();

        var (sent, received) = await CopyPair.RunAsync(
            from.Write("a.txt", 10), new ReceiveOptions { Folder = from["missing"] }, (_, _) => throw new InvalidOperationException("asked"));

        Assert.Equal(OutcomeKind.LocalDisk, received.Kind);
        Assert.Equal(OutcomeKind.Refused, sent.Kind);
    }

    [Fact]
    public async Task A_folder_that_vanishes_is_told_and_the_sender_hears_it()
    {
        using var to = new TemporaryFolder();
        Directory.CreateDirectory(to["in"]);
        var (a, b) = DuplexStream.Pair();
        var peer = new ScriptedPeer(a);
        var receiving = new CopyRunner(b.Connection).ReceiveAsync(new ReceiveOptions { Folder = to["in"] }, CopyPair.Accept, CancellationToken.None);
        await peer.SayAsync([.. ScriptedPeer.Header("a.bin", 8), .. ScriptedPeer.Length(4), 1, 2, 3, 4]);
        Assert.Equal([1], await peer.HearAsync(1));
        Directory.Delete(to["in"], recursive: true);
        await peer.SayAsync([.. ScriptedPeer.Length(4), 1, 2, 3, 4]);

        var outcome = await receiving;
        Assert.Equal(OutcomeKind.LocalDisk, outcome.Kind);
        Assert.Contains("folder is gone", outcome.Why, StringComparison.Ordinal);
        Assert.Equal([0], await peer.HearToEndAsync());
    }

    [MountFact]
    public async Task A_disk_that_is_too_small_is_told_before_the_user_is_asked()
    {
        using var disk = new Tmpfs(megabytes: 4);
        using var from = new TemporaryFolder();

        var (sent, received) = await CopyPair.RunAsync(
            from.Write("a.bin", 5 << 20), new ReceiveOptions { Folder = disk.Folder.Path }, (_, _) => throw new InvalidOperationException("asked"));

        Assert.Equal(OutcomeKind.LocalDisk, received.Kind);
        Assert.Contains("not enough room", received.What, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Refused, sent.Kind);
    }

    [MountFact]
    public async Task A_disk_that_fills_up_meanwhile_ends_the_copy_on_both_sides_and_is_left_clean()
    {
        using var disk = new Tmpfs(megabytes: 8);
        using var from = new TemporaryFolder();

        var (sent, received) = await CopyPair.RunAsync(
            from.Write("a.bin", 6 << 20),
            new ReceiveOptions { Folder = disk.Folder.Path },
            (_, _) =>
            {
                disk.Folder.Write("other.bin", 4 << 20);
                return ValueTask.FromResult(OfferDecision.Accept);
            });

        Assert.Equal(OutcomeKind.LocalDisk, received.Kind);
        Assert.Contains("disk became full", received.What, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.BrokenOff, sent.Kind);
        Assert.Contains("could not write", sent.Why, StringComparison.Ordinal);
        Assert.Equal(["other.bin"], disk.Folder.Names);
    }

    [MountFact]
    public async Task A_read_only_disk_is_told_as_that()
    {
        using var disk = new Tmpfs(megabytes: 8);
        using var from = new TemporaryFolder();
        disk.MakeReadOnly();

        var (_, received) = await CopyPair.RunAsync(from.Write("a.bin", 10), new ReceiveOptions { Folder = disk.Folder.Path });

        Assert.Equal(OutcomeKind.LocalDisk, received.Kind);
        Assert.Contains("read-only", received.Why, StringComparison.Ordinal);
    }
}
