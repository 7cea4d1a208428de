namespace P2PCopy.EndToEnd.Processes;

/// <summary>The built program in front of its user, with pipes or inside a pseudo-terminal: what it tells is read, what it asks is answered.</summary>
internal sealed class ProgramRun(RealProcess process) : IDisposable
{
    private const string TellLine = "Tell this to your peer: ";
    private const string ReadOutLine = "Read the words of your screen to your peer: ";

    // What lets root read and write every file.
    private const string IgnorePermissions = "-dac_override,-dac_read_search";

    // No test waits for this long when things go well; a busy machine must not fail one.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>The program as users get it, native where it can be built: what <c>./p2pcopy</c> has made.</summary>
    public static string File { get; } = Path.Combine(Repository.Root, "artifacts", "program", "p2pcopy");

    /// <summary>Whether programs can be started inside a terminal here.</summary>
    public static bool HasTerminals => OperatingSystem.IsLinux() && System.IO.File.Exists("/usr/bin/script");

    public RealProcess Process => process;

    /// <summary>Standard output so far; both outputs when it runs in a terminal.</summary>
    public string Output => process.Output;

    /// <summary>Standard error so far.</summary>
    public string Error => process.Error;

    /// <summary>Starts the program with pipes.</summary>
    public static ProgramRun Start(params IEnumerable<string> words) => new(RealProcess.Start(File, words));

    /// <summary>Starts the program so that file permissions bind it, as they do every user but root.</summary>
    public static ProgramRun StartBoundByPermissions(params IEnumerable<string> words) => Environment.IsPrivilegedProcess
        ? new(RealProcess.Start("setpriv", [$"--bounding-set={IgnorePermissions}", $"--inh-caps={IgnorePermissions}", File, .. words]))
        : Start(words);

    /// <summary>Starts the program inside a pseudo-terminal of the given width.</summary>
    public static ProgramRun StartInTerminal(int columns, params IEnumerable<string> words)
    {
        var (file, arguments) = InTerminal(columns, words);
        return new(RealProcess.Start(file, arguments));
    }

    /// <summary>The command that runs the program inside a pseudo-terminal of the given width.</summary>
    public static (string File, string[] Arguments) InTerminal(int columns, params IEnumerable<string> words)
    {
        var line = string.Join(' ', words.Prepend(File).Select(word => $"'{word}'"));
        return ("/usr/bin/script", ["-qefc", $"stty cols {columns} rows 24; exec env TERM=xterm-256color {line}", "/dev/null"]);
    }

    /// <summary>Does what two users do: tells each the other's address.</summary>
    public static async Task IntroduceAsync(ProgramRun one, ProgramRun other)
    {
        var (first, second) = (await one.AddressAsync(), await other.AddressAsync());
        one.Type(second);
        other.Type(first);
    }

    /// <summary>Tells each the other's bare address, as somebody does who writes it down.</summary>
    public static async Task IntroduceByAddressAsync(ProgramRun one, ProgramRun other)
    {
        var (first, second) = (await one.AddressAsync(), await other.AddressAsync());
        one.Type(BareAddress(second));
        other.Type(BareAddress(first));
    }

    /// <summary>What people can read of a ticket.</summary>
    public static string BareAddress(string ticket) => ticket.Split('-')[0];

    /// <summary>The ticket, or address, that the program tells its user to tell the peer.</summary>
    public async Task<string> AddressAsync() => (await process.WaitForWordsAsync(TellLine, Limit)).Split(TellLine)[1];

    /// <summary>The ticket that the program tells when the one before is good no more.</summary>
    public async Task<string> NewAddressAsync(string former) =>
        (await process.WaitForLineAsync(line => line.Contains(TellLine, StringComparison.Ordinal) && !line.EndsWith(former, StringComparison.Ordinal), "a new ticket", Limit))
        .Split(TellLine)[1];

    /// <summary>The words that the program tells its user to read out.</summary>
    public async Task<string> WordsAsync() => (await process.WaitForWordsAsync(ReadOutLine, Limit)).Split(ReadOutLine)[1];

    /// <summary>Waits for a line on either output that has these words.</summary>
    public Task HearAsync(string words) => process.WaitForWordsAsync(words, Limit);

    /// <summary>Waits until standard output has a text.</summary>
    public Task SeeAsync(string text) => process.WaitForTextAsync(text, Limit);

    public Task WaitUntilConnectedAsync() => process.WaitForWordsAsync("Connected", Limit);

    /// <summary>Answers a question with a line.</summary>
    public void Type(string line) => process.WriteLine(line);

    /// <summary>Presses Ctrl+C in the terminal that the program runs in.</summary>
    public void PressControlC() => process.Write("\u0003");

    /// <summary>Waits for the end and gives the exit code.</summary>
    public Task<int> ExitAsync() => process.WaitForExitAsync(Limit);

    /// <summary>Waits for the end and fails when it is another than this, or a crash; gives everything that was said.</summary>
    public async Task<string> AssertEndsAsync(int exitCode, TimeSpan limit)
    {
        if (await process.WaitForExitAsync(limit) is var actual && actual != exitCode) Assert.Fail($"Ended with {actual}, not {exitCode}:\n{this}");
        Assert.DoesNotContain("   at ", process.Transcript, StringComparison.Ordinal);
        return process.Transcript;
    }

    /// <summary>What the program said, for failure messages.</summary>
    public override string ToString() => process.Transcript;

    public void Dispose() => process.Dispose();
}
