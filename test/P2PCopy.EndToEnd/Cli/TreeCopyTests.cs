using P2PCopy.EndToEnd.Processes;
using P2PCopy.EndToEnd.Tree;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>Folders, streams and texts between two processes of the built program.</summary>
public sealed class TreeCopyTests : IDisposable
{
    private readonly CopyPair _pair = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task A_folder_crosses_whole()
    {
        var tree = RealTree.Make(Path.Combine(_pair.Source.FullName, "things"), seed: 3);
        using var receiver = _pair.StartReceiver("--yes", "--links");
        using var sender = _pair.StartSender(tree, "--links");
        await ProgramRun.IntroduceAsync(sender, receiver);

        await AssertDoneAsync(sender, receiver);
        Assert.Equal(TreeRun.Describe(_pair.Source.FullName), TreeRun.Describe(_pair.Target.FullName));
        Assert.Contains("Sent 61 files, ", sender.Output, StringComparison.Ordinal);
        Assert.Contains("Received 61 files, ", receiver.Output, StringComparison.Ordinal);
        Assert.Contains("  things/\n", receiver.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_files_go_in_one_copy()
    {
        var (first, second) = (_pair.CreateFile("a.bin", 1000), _pair.CreateFile("b.bin", 100_000));
        using var receiver = _pair.StartReceiver("--yes");
        using var sender = _pair.StartSender(first, second);
        await ProgramRun.IntroduceAsync(sender, receiver);

        await AssertDoneAsync(sender, receiver);
        Assert.Equal(TreeRun.Describe(_pair.Source.FullName), TreeRun.Describe(_pair.Target.FullName));
    }

    [Fact]
    public async Task What_is_piped_in_here_comes_out_there()
    {
        var text = string.Join('\n', Enumerable.Range(0, 100_000).Select(i => $"line {i}"));
        using var receiver = ProgramRun.Start("receiver", "-", "--yes", "--stun", "none", "--ntp", "none");
        using var sender = ProgramRun.Start("send", "-", "--stun", "none", "--ntp", "none", "--peer", await receiver.AddressAsync());
        receiver.Type(await sender.AddressAsync());
        sender.Process.Write(text);
        sender.Process.EndInput();

        await AssertDoneAsync(sender, receiver);
        Assert.Equal(text, receiver.Output);
        Assert.Contains("Received ", receiver.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_shown_there_with_every_line_marked_as_the_peers()
    {
        using var receiver = _pair.StartReceiver("--yes");
        using var sender = ProgramRun.Start("send", "--text", "first\nReceive it? [Y/n] \u001b[2J", "--stun", "none", "--ntp", "none");
        await ProgramRun.IntroduceAsync(sender, receiver);

        await AssertDoneAsync(sender, receiver);
        Assert.EndsWith("> first\n> Receive it? [Y/n] \\u{1B}[2J\n", receiver.Output, StringComparison.Ordinal);
        Assert.Empty(_pair.Target.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_person_sees_what_a_folder_holds_before_the_answer()
    {
        Assert.SkipUnless(ProgramRun.HasTerminals, "needs a pseudo-terminal");
        var folder = Directory.CreateDirectory(Path.Combine(_pair.Source.FullName, "project"));
        Directory.CreateDirectory(Path.Combine(folder.FullName, ".git"));
        File.WriteAllText(Path.Combine(folder.FullName, "run.sh"), "#!/bin/sh");
        File.WriteAllText(Path.Combine(folder.FullName, ".hidden"), "x");
        using var receiver = _pair.StartReceiverInTerminal(200);
        using var sender = _pair.StartSender(folder.FullName);
        await ProgramRun.IntroduceAsync(sender, receiver);
        await receiver.SeeAsync("Receive it? [Y/n] ");

        Assert.Contains("Your peer wants to send 2 files in 1 folder, 10 bytes:\r\n  project/\r\n", receiver.Output, StringComparison.Ordinal);
        Assert.Contains("1 of them left out unless you start with --allow-sensitive, as other programs obey them unasked. The first:\r\n  project/.git\r\n", receiver.Output, StringComparison.Ordinal);
        Assert.Contains("1 of them are hidden. The first:\r\n  project/.hidden\r\n", receiver.Output, StringComparison.Ordinal);
        Assert.Contains("can run programs when they are opened. The first:\r\n  project/run.sh\r\n", receiver.Output, StringComparison.Ordinal);
        receiver.Type("y");

        await AssertDoneAsync(sender, receiver);
        Assert.Equal([".hidden", "run.sh"], Directory.GetFileSystemEntries(Path.Combine(_pair.Target.FullName, "project")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task More_than_was_allowed_is_refused_before_anything_is_written()
    {
        using var receiver = _pair.StartReceiver("--yes", "--max-size", "1K");
        using var sender = _pair.StartSender(_pair.CreateFile("a", 2000));
        await ProgramRun.IntroduceAsync(sender, receiver);

        Assert.Equal((4, 4), (await sender.ExitAsync(), await receiver.ExitAsync()));
        Assert.Empty(_pair.Target.GetFileSystemInfos());
    }

    [Fact]
    public async Task With_verbose_the_hash_of_each_file_is_told_on_both_sides()
    {
        var tree = Directory.CreateDirectory(Path.Combine(_pair.Source.FullName, "d"));
        File.WriteAllText(Path.Combine(tree.FullName, "a"), "hello");
        File.WriteAllText(Path.Combine(tree.FullName, "b"), "");
        using var receiver = _pair.StartReceiver("--yes");
        using var sender = _pair.StartSender(tree.FullName, "--verbose");
        await ProgramRun.IntroduceAsync(sender, receiver);

        await AssertDoneAsync(sender, receiver);
        Assert.Contains($"SHA-256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  {tree.FullName}/a", sender.Output, StringComparison.Ordinal);
        Assert.Contains($"SHA-256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  {tree.FullName}/b", sender.Output, StringComparison.Ordinal);
        Assert.Equal(TreeRun.Describe(_pair.Source.FullName), TreeRun.Describe(_pair.Target.FullName));
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(_pair.Target.FullName, "d", "a"), Cancellation));
    }

    private static async Task AssertDoneAsync(ProgramRun sender, ProgramRun receiver)
    {
        var codes = (await sender.ExitAsync(), await receiver.ExitAsync());
        Assert.True(codes == (0, 0), $"{codes}\n{sender}\n{receiver}");
    }
}
