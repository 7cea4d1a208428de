using P2PCopy.EndToEnd.Copy;
using P2PCopy.EndToEnd.Processes;
using P2PCopy.EndToEnd.Tree;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>One of the two programs is killed as by <c>kill -9</c> at a random moment, again and again, until the copy is whole.</summary>
public sealed class KillTests : IDisposable
{
    private const int Files = 40;
    private const int SmallFiles = 4000;
    private const int LargeBytes = 90 << 20;
    private const int MostBytesBetweenKills = 24 << 20;

    private readonly CopyPair _pair = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task A_copy_that_is_killed_at_any_moment_on_either_side_ends_identical_and_touches_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var copies = new KilledCopies(folder.Path, Run, Run);
        foreach (var line in await copies.RunAsync(KilledCopies.Rounds(few: 4))) TestContext.Current.TestOutputHelper?.WriteLine(line);

        static ProgramRun Run(string[] command) => new(RealProcess.Start(command[0], command[1..]));
    }

    [Fact]
    public async Task A_copy_that_is_killed_again_and_again_ends_identical_and_touches_nothing_else()
    {
        const int seed = 1;
        var random = new Random(seed);
        var tree = RealTree.Make(Path.Combine(_pair.Source.FullName, "things"), seed, Files);
        _pair.CreateFile("things/large.bin", LargeBytes, seed);
        _pair.CreateFile("things/larger.bin", LargeBytes, seed + 1);
        var mine = Path.Combine(_pair.Target.FullName, "mine.txt");
        await File.WriteAllTextAsync(mine, "mine", TestContext.Current.CancellationToken);

        var kills = 0;
        while (await RunAsync(tree, random, BytesHere() + random.Next(MostBytesBetweenKills))) kills++;

        var expected = TreeRun.Describe(_pair.Source.FullName);
        File.Delete(mine);
        Assert.Equal(expected, TreeRun.Describe(_pair.Target.FullName));
        TestContext.Current.SendDiagnosticMessage("killed {0} times", kills);
        Assert.True(kills >= 6, $"only {kills} kills before it was whole");
    }

    [Fact]
    public async Task Small_files_that_are_not_whole_when_the_receiver_is_killed_leave_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has files without a name");
        var tree = _pair.Source.CreateSubdirectory("small").FullName;
        for (var i = 0; i < SmallFiles; i++) _pair.CreateFile($"small/{i:0000}", 1000, i);
        using var receiver = _pair.StartReceiver("--yes");
        using var sender = _pair.StartSender(tree, "--limit", "1M");
        await ProgramRun.IntroduceAsync(sender, receiver);
        await Eventually.IsTrueAsync(() => Here() > 0, "files get their names", TimeSpan.FromSeconds(30));
        receiver.Process.Kill();
        await receiver.ExitAsync();
        sender.Process.Kill();
        await sender.ExitAsync();

        Assert.InRange(Here(), 1, SmallFiles - 1);
        foreach (var file in _pair.Target.EnumerateFiles("*", SearchOption.AllDirectories))
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(tree, file.Name), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken));

        int Here() => _pair.Target.EnumerateFiles("*", SearchOption.AllDirectories).Count();
    }

    private long BytesHere() => _pair.Target.EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Exists ? file.Length : 0);

    /// <summary>Copies until it is done, which gives false, or kills one side when so much is there, which gives true.</summary>
    private async Task<bool> RunAsync(string tree, Random random, long bytes)
    {
        using var receiver = _pair.StartReceiver("--yes", "--links");
        using var sender = _pair.StartSender(tree, "--links");
        await ProgramRun.IntroduceAsync(sender, receiver);
        await receiver.WaitUntilConnectedAsync();
        var (victim, other) = random.Next(2) == 0 ? (sender, receiver) : (receiver, sender);
        await Eventually.IsTrueAsync(() => victim.Process.HasExited || BytesHere() >= bytes, "the copy goes on", TimeSpan.FromSeconds(90));
        if (victim.Process.HasExited)
        {
            Assert.Equal((0, 0), (await sender.ExitAsync(), await receiver.ExitAsync()));
            return false;
        }

        victim.Process.Kill();
        await victim.ExitAsync();
        other.Process.Kill();
        await other.ExitAsync();
        Assert.All(_pair.Target.GetFileSystemInfos(), entry => Assert.True(entry.Name is "mine.txt" or "things", entry.Name));
        return true;
    }
}
