using System.Security.Cryptography;
using P2PCopy.EndToEnd.Copy;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>Trees copied from disk to disk by the two pumps.</summary>
public sealed class TreeRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _source;
    private readonly string _target;

    public TreeRunnerTests()
    {
        _source = Directory.CreateDirectory(Path.Combine(_folder.Path, "source")).FullName;
        _target = Directory.CreateDirectory(Path.Combine(_folder.Path, "target")).FullName;
    }

    private ReceiveOptions Options => new() { Folder = _target };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_arrives_with_everything_in_it()
    {
        var tree = RealTree.Make(Path.Combine(_source, "things"), seed: 1);
        using var source = TreeRun.Open(tree);
        var arrived = new List<ArrivedFile>();

        var (sent, received) = await TreeRun.CopyAsync(source, Options with { AllowLinks = true }, arrived: arrived.Add);

        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (sent.Kind, received.Kind));
        Assert.Equal(TreeRun.Describe(_source), TreeRun.Describe(_target));
        Assert.Equal(source.Files, arrived.Count);
        Assert.All(arrived, file => Assert.True(File.Exists(file.Path)));
        Assert.Equal(source.TotalBytes, sent.Bytes);
    }

    [Fact]
    public async Task The_same_again_sends_nothing_and_changes_nothing()
    {
        var tree = RealTree.Make(Path.Combine(_source, "things"), seed: 2);
        using var source = TreeRun.Open(tree);
        await TreeRun.CopyAsync(source, Options with { AllowLinks = true });
        var before = TreeRun.Describe(_target);

        var (sent, received) = await TreeRun.CopyAsync(source, Options with { AllowLinks = true });

        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (sent.Kind, received.Kind));
        Assert.Equal(0, sent.Travelled);
        Assert.Equal(before, TreeRun.Describe(_target));
    }

    [Fact]
    public async Task An_older_version_is_replaced_when_asked_and_only_what_differs_travels()
    {
        var path = Path.Combine(_source, "image");
        var content = TreeDraft.Bytes(24 << 20, 5);
        File.WriteAllBytes(path, content);
        using (var source = TreeRun.Open(path)) await TreeRun.CopyAsync(source, Options);
        content[9 << 20] ^= 1;
        File.WriteAllBytes(path, content);

        using var changed = TreeRun.Open(path);
        var (sent, received) = await TreeRun.CopyAsync(changed, Options with { Existing = ExistingFile.Overwrite });

        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (sent.Kind, received.Kind));
        Assert.Equal(1 << 20, sent.Travelled);
        Assert.Equal(TreeRun.Describe(_source), TreeRun.Describe(_target));
    }

    [Fact]
    public async Task Both_sides_tell_the_hash_that_one_asked_for()
    {
        var path = Path.Combine(_source, "a");
        File.WriteAllBytes(path, TreeDraft.Bytes(3_000_001, 6));
        using var source = TreeRun.Open(path);

        var (sent, received) = await TreeRun.CopyAsync(source, Options, sendOptions: new SendOptions { Hash = true });

        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, Cancellation)));
        Assert.Equal((OutcomeKind.Done, hash), (sent.Kind, sent.Sha256));
        Assert.Equal(hash, received.Sha256);
        Assert.Equal(Path.Combine(_target, "a"), received.FinalPath);
    }

    [Fact]
    public async Task What_programs_obey_is_left_out_and_the_rest_is_taken()
    {
        var project = Directory.CreateDirectory(Path.Combine(_source, "project")).FullName;
        Directory.CreateDirectory(Path.Combine(project, ".git", "hooks"));
        File.WriteAllText(Path.Combine(project, ".git", "hooks", "pre-commit"), "#!/bin/sh");
        File.WriteAllText(Path.Combine(project, "main.c"), "int main;");
        using var source = TreeRun.Open(project);
        TreeOffer? offer = null;

        var (sent, received) = await TreeRun.CopyAsync(source, Options, (asked, _) =>
        {
            offer = asked;
            return ValueTask.FromResult(OfferDecision.Accept);
        });

        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (sent.Kind, received.Kind));
        Assert.Equal(3, offer!.LeftOutEntries);
        Assert.Contains("3 of 5 entries were left out", received.Note, StringComparison.Ordinal);
        Assert.Contains("3 of the 5", sent.Note, StringComparison.Ordinal);
        Assert.Equal(["project", "project/main.c"], TreeRun.Describe(_target).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_refusal_is_told_to_the_sender()
    {
        var path = Path.Combine(_source, "a");
        File.WriteAllText(path, "x");
        using var source = TreeRun.Open(path);

        var (sent, received) = await TreeRun.CopyAsync(source, Options, (_, _) => ValueTask.FromResult(OfferDecision.Refuse("no")));

        Assert.Equal((OutcomeKind.Refused, OutcomeKind.Refused), (sent.Kind, received.Kind));
        Assert.Empty(Directory.GetFileSystemEntries(_target));
    }

    [Fact]
    public async Task A_stream_becomes_a_file_and_a_file_becomes_a_stream()
    {
        var content = TreeDraft.Bytes(5_000_003, 7);
        using var stream = TreeSource.OfStream(new MemoryStream(content), "backup.tar");
        var (sent, received) = await TreeRun.CopyAsync(stream, Options);
        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (sent.Kind, received.Kind));
        var path = Path.Combine(_target, "backup.tar");
        Assert.Equal(content, await File.ReadAllBytesAsync(path, Cancellation));

        using var source = TreeRun.Open(path);
        using var output = new MemoryStream();
        (sent, received) = await TreeRun.CopyAsync(source, Options, content: output);
        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (sent.Kind, received.Kind));
        Assert.Equal(content, output.ToArray());
    }

    [Fact]
    public async Task Several_files_do_not_run_into_each_other_on_standard_output()
    {
        File.WriteAllText(Path.Combine(_source, "a"), "x");
        File.WriteAllText(Path.Combine(_source, "b"), "y");
        using var source = TreeRun.Open(Path.Combine(_source, "a"), Path.Combine(_source, "b"));
        using var output = new MemoryStream();

        var (sent, received) = await TreeRun.CopyAsync(source, Options, content: output);

        Assert.Equal((OutcomeKind.Refused, OutcomeKind.Refused), (sent.Kind, received.Kind));
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task A_text_is_shown_and_not_written()
    {
        using var source = TreeSource.OfText("the key is under the mat\nœ");
        TreeOffer? offer = null;

        var (sent, received) = await TreeRun.CopyAsync(source, Options, (asked, _) =>
        {
            offer = asked;
            return ValueTask.FromResult(OfferDecision.Accept);
        });

        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (sent.Kind, received.Kind));
        Assert.True(offer!.IsText);
        Assert.Equal("the key is under the mat\nœ", Assert.Single(received.Texts));
        Assert.Empty(Directory.GetFileSystemEntries(_target));
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_sent_is_named_and_the_others_arrive()
    {
        var paths = Enumerable.Range(0, 3).Select(i => Path.Combine(_source, $"file{i}")).ToArray();
        foreach (var path in paths) File.WriteAllBytes(path, TreeDraft.Bytes(100_000, 8));
        using var source = TreeRun.Open(paths);
        File.AppendAllText(paths[1], "more");

        var (sent, received) = await TreeRun.CopyAsync(source, Options);

        Assert.Equal(OutcomeKind.SourceFailed, sent.Kind);
        Assert.Contains("file1", sent.Sentence, StringComparison.Ordinal);
        Assert.NotEqual(OutcomeKind.Done, received.Kind);
        Assert.Equal(["file0", "file2"], Directory.GetFiles(_target).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_copy_that_breaks_goes_on_where_it_stopped()
    {
        var path = Path.Combine(_source, "big");
        var content = TreeDraft.Bytes(96 << 20, 9);
        await File.WriteAllBytesAsync(path, content, Cancellation);
        using var source = TreeRun.Open(path);

        var (sent, received) = await TreeRun.CopyAsync(source, Options, breakAfter: 70 << 20);
        Assert.Equal((OutcomeKind.BrokenOff, OutcomeKind.BrokenOff), (sent.Kind, received.Kind));
        Assert.False(File.Exists(Path.Combine(_target, "big")));

        (sent, received) = await TreeRun.CopyAsync(source, Options);
        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (sent.Kind, received.Kind));
        Assert.InRange(sent.Travelled, 0, 64 << 20);
        Assert.Equal(TreeRun.Describe(_source), TreeRun.Describe(_target));
    }

    [Fact]
    public async Task A_user_who_stops_is_not_waited_for_and_the_peer_is_told()
    {
        var path = Path.Combine(_source, "big");
        await File.WriteAllBytesAsync(path, TreeDraft.Bytes(64 << 20, 10), Cancellation);
        using var source = TreeRun.Open(path);
        using var stop = new CancellationTokenSource();
        var (a, b) = DuplexStream.Pair();
        var sending = new TreeRunner(a.Connection).SendAsync(source, new SendOptions(), CancellationToken.None);
        var receiving = new TreeRunner(b.Connection, _ => stop.Cancel()).ReceiveAsync(Options, TreeRun.Yes, stop.Token);

        await CopyPair.EndAsync(sending, receiving);

        Assert.Equal(OutcomeKind.Interrupted, (await receiving).Kind);
        Assert.Equal(OutcomeKind.BrokenOff, (await sending).Kind);
    }

    [Fact]
    public async Task Names_that_no_receiver_takes_stay_at_home_with_a_note()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_source, "d")).FullName;
        File.WriteAllText(Path.Combine(folder, "con"), "x");
        File.WriteAllText(Path.Combine(folder, "ok"), "x");
        using var source = TreeRun.Open(folder);

        var (sent, _) = await TreeRun.CopyAsync(source, Options);

        Assert.Equal(OutcomeKind.Done, sent.Kind);
        Assert.Contains("con", Assert.Single(source.Notes), StringComparison.Ordinal);
        Assert.Equal("ok", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(_target, "d")))));
    }

    [Fact]
    public async Task Nothing_of_a_manifest_is_written_when_one_name_is_bad()
    {
        var (a, b) = DuplexStream.Pair();
        var receiving = new TreeRunner(b.Connection).ReceiveAsync(Options, TreeRun.Yes, CancellationToken.None);
        var hello = Convert.FromHexString("0100000d" + "70327074" + "00010001" + "01" + "00000000");
        var offer = Convert.FromHexString("02000011" + "00000001" + "00000001" + "0000000000000001" + "00");
        byte[] entry = [0, 1, 0, .. new byte[8], .. new byte[7], 1, 5, .. "../ab"u8];
        byte[] page = [3, 0, 0, (byte)entry.Length, .. entry];

        await a.WriteAsync((byte[])[.. hello, .. offer, .. page], Cancellation);
        await CopyPair.EndAsync(receiving);

        Assert.Equal(OutcomeKind.Refused, (await receiving).Kind);
        Assert.Empty(Directory.GetFileSystemEntries(_target));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
