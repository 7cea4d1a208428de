using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>A sender and a receiver on the loopback network, with folders of their own.</summary>
internal sealed class CopyPair : IDisposable
{
    /// <summary>The word that makes both speak as the original does.</summary>
    public const string Legacy = "--legacy";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("p2pcopy-test-");
    private readonly string[] _words;

    /// <param name="words">More words for both command lines.</param>
    public CopyPair(params string[] words)
    {
        _words = ["--stun", "none", "--ntp", "none", .. words];
        Source = _folder.CreateSubdirectory("source");
        Target = _folder.CreateSubdirectory("target");
    }

    public DirectoryInfo Source { get; }

    public DirectoryInfo Target { get; }

    public string CreateFile(string name, long bytes, int seed = 1)
    {
        var path = Path.Combine(Source.FullName, name);
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>A large file that costs no disk.</summary>
    public string CreateHollowFile(string name, long bytes)
    {
        var path = Path.Combine(Source.FullName, name);
        using var file = File.Create(path);
        file.SetLength(bytes);
        return path;
    }

    /// <summary>A large file that has its blocks on the disk, so that all of it is sent, and that nobody waited to be written.</summary>
    public string CreateSolidFile(string name, long bytes)
    {
        var path = Path.Combine(Source.FullName, name);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = bytes });
        file.SetLength(bytes);
        return path;
    }

    public ProgramRun StartSender(string path, params IEnumerable<string> more) => ProgramRun.Start(["sender", "--file", path, .. _words, .. more]);

    public ProgramRun StartReceiver(params IEnumerable<string> more) => ProgramRun.Start(["receiver", Target.FullName, .. _words, .. more]);

    public ProgramRun StartReceiverInTerminal(int columns, params IEnumerable<string> more) =>
        ProgramRun.StartInTerminal(columns, ["receiver", Target.FullName, .. _words, .. more]);

    public void Dispose() => _folder.Delete(recursive: true);
}
