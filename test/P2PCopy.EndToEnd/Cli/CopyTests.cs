using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>Two processes of the built program copy files between them.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly CopyPair _pair = new(CopyPair.Legacy);

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData("empty.bin", 0)]
    [InlineData("one", 1)]
    [InlineData("ein Büchlein 書.pdf", 20_000_003)]
    public async Task A_file_arrives_whole_under_its_name(string name, long bytes)
    {
        var path = _pair.CreateFile(name, bytes);

        await CopyAsync(path, "--yes");

        var arrived = Assert.Single(_pair.Target.GetFileSystemInfos());
        Assert.Equal(name, arrived.Name);
        Assert.Equal(await File.ReadAllBytesAsync(path, Cancellation), await File.ReadAllBytesAsync(arrived.FullName, Cancellation));
    }

    [Fact]
    public async Task Both_tell_the_lines_of_the_original_in_its_order()
    {
        var path = _pair.CreateFile("a.bin", 3_000_000);
        using var receiver = _pair.StartReceiver("--yes", "--verbose");
        using var sender = _pair.StartSender(path, "--verbose");
        await ProgramRun.IntroduceAsync(sender, receiver);

        Assert.Equal(0, await sender.ExitAsync());
        Assert.Equal(0, await receiver.ExitAsync());
        foreach (var (run, last) in new[] { (sender, "Sent 2.86 MB in "), (receiver, "Received 2.86 MB in ") })
        {
            var lines = run.Output.TrimEnd().Split('\n');
            Assert.Collection(
                lines,
                line => Assert.StartsWith("Your firewall is ", line, StringComparison.Ordinal),
                line => Assert.Matches(@"^Tell this to your peer: \d+\.\d+\.\d+\.\d+:\d+$", line),
                line => Assert.Equal("Enter the ip:port of your peer: ", line),
                line => Assert.Matches(@"^\[\d\d:\d\d:\d\d\] - Waiting (10|\d) sec to sync with other peer$", line),
                line => Assert.Matches(@"^0 - Trying to connect to (\S+)\. Connected successfully to \1$", line),
                line => Assert.StartsWith(last, line, StringComparison.Ordinal),
                line => Assert.Matches("^SHA-256: [0-9a-f]{64}$", line));
            Assert.DoesNotContain('\r', run.Output + run.Error);
            Assert.DoesNotContain('\e', run.Output + run.Error);
            Assert.Contains("not encrypted", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(sender.Output.Split("SHA-256: ")[1], receiver.Output.Split("SHA-256: ")[1]);
    }

    [Fact]
    public async Task A_second_copy_keeps_the_first()
    {
        var path = _pair.CreateFile("a.txt", 5, seed: 1);
        await CopyAsync(path, "--yes");
        var first = await File.ReadAllBytesAsync(path, Cancellation);
        _pair.CreateFile("a.txt", 5, seed: 2);

        await CopyAsync(path, "--yes");

        Assert.Equal(first, await File.ReadAllBytesAsync(Path.Combine(_pair.Target.FullName, "a.txt"), Cancellation));
        Assert.Equal(2, _pair.Target.GetFileSystemInfos().Length);
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_received_unless_told_so_before()
    {
        using var receiver = _pair.StartReceiver();
        using var sender = _pair.StartSender(_pair.CreateFile("a.txt", 5));
        await ProgramRun.IntroduceAsync(sender, receiver);

        Assert.Equal(4, await receiver.ExitAsync());
        Assert.Contains("--yes", receiver.Error, StringComparison.Ordinal);
        Assert.Empty(_pair.Target.GetFileSystemInfos());
        Assert.NotEqual(0, await sender.ExitAsync());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task CopyAsync(string path, params string[] receiverWords)
    {
        using var receiver = _pair.StartReceiver(receiverWords);
        using var sender = _pair.StartSender(path);
        await ProgramRun.IntroduceAsync(sender, receiver);
        var codes = (await sender.ExitAsync(), await receiver.ExitAsync());
        Assert.True(codes == (0, 0), $"{codes}\n{sender}\n{receiver}");
    }
}
