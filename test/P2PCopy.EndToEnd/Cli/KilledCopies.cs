using System.Diagnostics;
using System.Globalization;
using P2PCopy.EndToEnd.Lab;
using P2PCopy.EndToEnd.Processes;
using P2PCopy.EndToEnd.Tree;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>
/// Copies of real things, each of which loses one side at a random moment, as by <c>kill -9</c>, and is finished by a second start of
/// both. After each the target holds what the source does, and nothing around it has changed.
/// </summary>
internal sealed class KilledCopies
{
    /// <summary>The variable that says how many moments are tried.</summary>
    public const string Variable = "P2PCOPY_KILLS";

    private const int Seed = 26;
    private const int ProgramBytes = 24 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Func<string[], ProgramRun> _startSender;
    private readonly Func<string[], ProgramRun> _startReceiver;
    private readonly string _around;
    private readonly string _tree;
    private readonly string _target;
    private readonly string _temporary;

    /// <param name="folder">An empty folder, which holds source, target and what stands around them.</param>
    /// <param name="startSender">Runs a command where the sender is.</param>
    /// <param name="startReceiver">The same where the receiver is.</param>
    public KilledCopies(string folder, Func<string[], ProgramRun> startSender, Func<string[], ProgramRun> startReceiver)
    {
        (_startSender, _startReceiver) = (startSender, startReceiver);
        _tree = RealTree.Make(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "source")).FullName, "things"), Seed);
        RealTree.AddProject(_tree);
        var program = new byte[ProgramBytes];
        new Random(Seed).NextBytes(program);
        File.WriteAllBytes(Path.Combine(_tree, "program"), program);
        _temporary = Directory.CreateDirectory(Path.Combine(folder, "temporary")).FullName;
        _around = RealTree.Make(Path.Combine(folder, "around"), Seed + 1);
        _target = Path.Combine(_around, "target");
    }

    /// <summary>How many moments are tried: as many as the variable says, else a few.</summary>
    public static int Rounds(int few) => int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var rounds) ? rounds : few;

    /// <summary>Tries so many moments; gives a line for each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(int rounds)
    {
        var (source, around) = (TreeRun.Describe(Path.GetDirectoryName(_tree)!), TreeRun.Describe(_around));
        var whole = Stopwatch.GetTimestamp();
        MakeTarget();
        await FinishAsync();
        AssertSame(source, around);
        var duration = Stopwatch.GetElapsedTime(whole);

        var lines = new List<string>();
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random((Seed * 1000) + round);
            MakeTarget();
            var line = await InterruptAsync(random, TimeSpan.FromMilliseconds(1) + (duration * random.NextDouble()));
            await FinishAsync();
            AssertSame(source, around);
            lines.Add($"{round}: {line}");
        }

        return lines;
    }

    /// <summary>Something of the user's own stands in the folder to begin with.</summary>
    private void MakeTarget()
    {
        if (Directory.Exists(_target)) Directory.Delete(_target, recursive: true);
        Directory.CreateDirectory(_target);
        File.WriteAllText(Mine, "mine");
    }

    private string Mine => Path.Combine(_target, "mine.txt");

    private (ProgramRun Sender, ProgramRun Receiver) Start()
    {
        // What is kept for a while beside the target is to be gone, too.
        string[] program = OperatingSystem.IsWindows() ? [ProgramRun.File] : ["env", $"TMPDIR={_temporary}", ProgramRun.File];
        string[] words = ["--links", "--stun", "none", "--ntp", "none"];
        return (_startSender([.. program, "sender", "--file", _tree, .. words]), _startReceiver([.. program, "receiver", _target, "--yes", .. words]));
    }

    /// <summary>One of the two is killed when this time has gone by, the other is told to end or killed, too.</summary>
    private async Task<string> InterruptAsync(Random random, TimeSpan moment)
    {
        var (sender, receiver) = Start();
        using (sender)
        using (receiver)
        {
            var sendersTurn = random.Next(2) == 0;
            var (victim, other) = sendersTurn ? (sender, receiver) : (receiver, sender);
            await ProgramRun.IntroduceAsync(sender, receiver);
            await Task.WhenAny(victim.ExitAsync(), UserPause.TakeAsync(moment));
            var wasOver = victim.Process.HasExited;
            victim.Process.Kill();
            if (random.Next(2) == 0 || other.Process.HasExited) other.Process.Kill();
            else other.Process.Signal("INT");
            await Task.WhenAll(victim.ExitAsync(), other.ExitAsync());
            return string.Create(CultureInfo.InvariantCulture, $"{(sendersTurn ? "sender" : "receiver")} at {moment.TotalSeconds:0.00} s{(wasOver ? ", when it was over" : "")}");
        }
    }

    private async Task FinishAsync()
    {
        var (sender, receiver) = Start();
        using (sender)
        using (receiver)
        {
            await ProgramRun.IntroduceAsync(sender, receiver);
            await Task.WhenAll(sender.AssertEndsAsync(0, Limit), receiver.AssertEndsAsync(0, Limit));
        }
    }

    private void AssertSame(string[] source, string[] around)
    {
        Assert.Equal("mine", File.ReadAllText(Mine));
        File.Delete(Mine);
        Assert.Equal(source, TreeRun.Describe(_target));
        Directory.Delete(_target, recursive: true);
        Assert.Equal(source, TreeRun.Describe(Path.GetDirectoryName(_tree)!));
        Assert.Equal(around, TreeRun.Describe(_around));
        Assert.Empty(Directory.GetFileSystemEntries(_temporary));
    }
}
