using System.Diagnostics;
using System.Security.Cryptography;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>A copy between two hosts of the lab: a file, two users with our program, and what became of it.</summary>
internal sealed class LabCopy
{
    private readonly string[] _words;
    private readonly LabHost _from;
    private readonly LabHost _to;
    private string[] _fromWords = [];
    private string[] _toWords = [];

    /// <param name="from">Who sends.</param>
    /// <param name="to">Who receives.</param>
    /// <param name="words">More words for both command lines.</param>
    public LabCopy(LabHost from, LabHost to, params string[] words)
    {
        (_from, _to, _words) = (from, to, words);
        SourceFile = Path.Combine(from.Machine.Lab.AddFolder($"{from.Machine.Name}-files"), "holiday.bin");
        TargetFolder = to.Machine.Lab.AddFolder($"{to.Machine.Name}-received");
    }

    public string Name { get; private set; } = "";

    public string SourceFile { get; }

    public string TargetFolder { get; }

    public string TargetFile => Path.Combine(TargetFolder, Path.GetFileName(SourceFile));

    /// <summary>What the test's report calls it.</summary>
    public LabCopy Named(string name)
    {
        Name = name;
        return this;
    }

    /// <summary>Makes the file: random bytes, so that no byte can be taken for another.</summary>
    public LabCopy WithBytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        File.WriteAllBytes(SourceFile, bytes);
        return this;
    }

    /// <summary>The ports that both sides bind.</summary>
    public LabCopy WithPorts(int from, int to)
    {
        (_fromWords, _toWords) = (["--localport", $"{from}"], ["--localport", $"{to}"]);
        return this;
    }

    /// <summary>How much the sender sends a second, as its option says it.</summary>
    public LabCopy WithRate(string rate)
    {
        _fromWords = [.. _fromWords, "--limit", rate];
        return this;
    }

    /// <summary>Makes a file with holes: some bytes at its begin and end, and nothing between.</summary>
    public LabCopy WithSparseBytes(long size)
    {
        using var file = File.Create(SourceFile);
        file.Write("begin"u8);
        file.SetLength(size);
        file.Position = size - 3;
        file.Write("end"u8);
        return this;
    }

    public ProgramRun StartSender(params string[] words) => _from.StartProgram(["sender", "--file", SourceFile, .. _words, .. _fromWords, .. words]);

    public ProgramRun StartReceiver(params string[] words) =>
        _to.StartProgram(["receiver", "--to", TargetFolder, "--yes", .. _words, .. _toWords, .. words]);

    /// <summary>A receiver whose user sits in front of it and is asked everything.</summary>
    public ProgramRun StartReceiverInTerminal(params string[] words) =>
        _to.StartProgramInTerminal(["receiver", "--to", TargetFolder, .. _words, .. _toWords, .. words]);

    public ProgramRun StartSenderInTerminal(params string[] words) =>
        _from.StartProgramInTerminal(["sender", "--file", SourceFile, .. _words, .. _fromWords, .. words]);

    /// <summary>Starts both and lets the users paste to each other what the programs tell.</summary>
    public async Task<(ProgramRun Sender, ProgramRun Receiver)> ConnectAsync()
    {
        var (sender, receiver) = (StartSender(), StartReceiver());
        await PasteAsync(sender, receiver);
        return (sender, receiver);
    }

    public async Task PasteAsync(ProgramRun sender, ProgramRun receiver)
    {
        await ProgramRun.IntroduceAsync(sender, receiver);
        await WaitUntilConnectedAsync(sender, receiver);
    }

    public async Task WaitUntilConnectedAsync(ProgramRun sender, ProgramRun receiver)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(sender.WaitUntilConnectedAsync(), receiver.WaitUntilConnectedAsync());
        Report($"connected in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    /// <summary>Both programs end well and the file is the same.</summary>
    public async Task AssertDoneAsync(ProgramRun sender, ProgramRun receiver, TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(sender.AssertEndsAsync(0, limit), receiver.AssertEndsAsync(0, limit));
        Report($"copied {new FileInfo(SourceFile).Length} bytes in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        await AssertSameFileAsync();
    }

    /// <summary>All of it: start, paste, connect, copy, compare. Gives what the sender said.</summary>
    public async Task<string> RunAsync(TimeSpan limit)
    {
        var (sender, receiver) = await ConnectAsync();
        await AssertDoneAsync(sender, receiver, limit);
        return sender.Process.Transcript;
    }

    public async Task AssertSameFileAsync()
    {
        var expected = Task.Run(() => Sha256(SourceFile));
        Assert.Equal(Sha256(TargetFile), await expected);
    }

    /// <summary>Bytes of the file that have reached the disk of the receiver, under whatever name.</summary>
    public long CopiedBytes => Directory.EnumerateFiles(TargetFolder).Sum(file => new FileInfo(file).Length);

    /// <summary>Waits until some bytes of the file are there.</summary>
    public Task WaitUntilUnderWayAsync(long bytes = 1) =>
        Eventually.IsTrueAsync(() => CopiedBytes >= bytes, $"{Name} the copy is under way", TimeSpan.FromSeconds(60));

    /// <summary>Waits until more has come than was on its way, and reports how long that took.</summary>
    public async Task<TimeSpan> WaitUntilItGoesOnAsync(TimeSpan limit)
    {
        const int onTheWay = 200_000;
        var start = Stopwatch.GetTimestamp();
        var goal = CopiedBytes + onTheWay;
        await Eventually.IsTrueAsync(() => CopiedBytes >= goal, $"{Name}: the copy goes on", limit);
        var time = Stopwatch.GetElapsedTime(start);
        Report($"goes on after {time.TotalSeconds:0.0} s");
        return time;
    }

    private void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine($"{Name} {line}".TrimStart());

    private static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
