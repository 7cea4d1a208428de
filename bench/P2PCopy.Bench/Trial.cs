using System.Security.Cryptography;
using P2PCopy.EndToEnd.Lab;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.Bench;

/// <summary>Two machines with a cable between them, a file in memory on the left one, and a folder in memory on the right one.</summary>
internal sealed class Trial : IDisposable
{
    public const string LeftAddress = "10.3.0.1";
    public const string RightAddress = "10.3.0.2";
    private const string InMemory = "/dev/shm";
    private const int TouchedAtOnce = 4 << 20;

    private static readonly string StreamProgram = Path.Combine(Repository.Root, "artifacts", "streams", "P2PCopy.Streams");

    private readonly NetworkLab _lab = new();

    private Trial(long bytes)
    {
        Bytes = bytes;
        (Left, Right) = (_lab.Add("left"), _lab.Add("right"));
    }

    /// <summary>How long a run may take at most.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(5);

    public LabNamespace Left { get; }

    public LabNamespace Right { get; }

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; }

    /// <summary>The file that is to be copied; it stays for the next run of the same size.</summary>
    public string Source => Path.Combine(InMemory, $"p2pcopy-bench.{Bytes}");

    /// <summary>Where it goes.</summary>
    public string Target { get; } = Path.Combine(InMemory, $"p2pcopy-bench-target.{Environment.ProcessId}");

    /// <summary>Where the copy lies afterwards.</summary>
    public string Copy => Path.Combine(Target, Path.GetFileName(Source));

    private string Touched { get; } = Path.Combine(InMemory, $"p2pcopy-bench-touched.{Environment.ProcessId}");

    /// <summary>Whether the copy is the file; true when there is none to look at.</summary>
    public bool IsVerified { get; set; }

    /// <summary>Told when bytes flow, by contestants that say so.</summary>
    public TaskCompletionSource Flows { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lays the cable.</summary>
    /// <param name="knobs">What the link emulator is told; null is a bare pair of virtual Ethernet interfaces.</param>
    /// <param name="bytes">Bytes of the file.</param>
    public static async Task<Trial> PrepareAsync(string? knobs, long bytes)
    {
        var trial = new Trial(bytes);
        var (leftEnd, rightEnd) = (new LinkEnd(trial.Left, "wire", $"{LeftAddress}/24"), new LinkEnd(trial.Right, "wire", $"{RightAddress}/24"));
        if (knobs is not null) await LinkEmulatorProcess.StartAsync(leftEnd, rightEnd, knobs);
        else VethLink.Connect(leftEnd, rightEnd);
        trial.PrepareFiles();
        return trial;
    }

    /// <summary>Starts another program so that its costs are told at its end.</summary>
    public static RealProcess StartCommand(LabNamespace machine, string file, params string[] arguments) =>
        machine.Start("dotnet", [typeof(Trial).Assembly.Location, "run", file, .. arguments]);

    /// <summary>Starts p2pcopy so that its costs are told at its end; what it asks can be answered.</summary>
    public static ProgramRun StartProgram(LabNamespace machine, params string[] words) =>
        new(machine.Start("dotnet", [typeof(Trial).Assembly.Location, "talk", ProgramRun.File, .. words]));

    /// <summary>Starts an end of a stream.</summary>
    public static RealProcess StartStream(LabNamespace machine, params string[] arguments) => machine.Start(StreamProgram, arguments);

    /// <summary>Starts a role of this program.</summary>
    public static RealProcess StartRole(LabNamespace machine, params string[] arguments) =>
        machine.Start("dotnet", [typeof(Trial).Assembly.Location, .. arguments]);

    /// <summary>Compares the copy with the file, byte by byte.</summary>
    public void Verify()
    {
        using var source = File.OpenRead(Source);
        using var copy = File.OpenRead(Copy);
        if (!SHA256.HashData(source).AsSpan().SequenceEqual(SHA256.HashData(copy))) throw new InvalidOperationException("the copy differs from the file");
        IsVerified = true;
    }

    /// <summary>Forgets the files of all runs.</summary>
    public static void Clean()
    {
        foreach (var file in Directory.EnumerateFiles(InMemory, "p2pcopy-bench.*")) File.Delete(file);
    }

    /// <summary>Frees the memory that the copy is to take, in the moment before it begins.</summary>
    public void FreeMemory() => File.Delete(Touched);

    public void Dispose()
    {
        _lab.Dispose();
        FreeMemory();
        Directory.Delete(Target, recursive: true);
    }

    private void PrepareFiles()
    {
        Directory.CreateDirectory(Target);
        if (!File.Exists(Source))
        {
            Clean();
            Fill(Source, random: true);
        }

        // A virtual machine gets memory when it is first touched, and gives back within seconds what is free: getting it takes more of the
        // processor than copying does.
        Fill(Touched, random: false);
    }

    private void Fill(string path, bool random)
    {
        using var file = File.Create(path);
        var piece = new byte[TouchedAtOnce];
        for (var left = Bytes; left > 0; left -= piece.Length)
        {
            if (random) RandomNumberGenerator.Fill(piece);
            file.Write(piece, 0, (int)Math.Min(left, piece.Length));
        }
    }
}
