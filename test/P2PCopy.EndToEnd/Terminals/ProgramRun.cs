using System.Diagnostics;
using System.Text;

namespace P2PCopy.EndToEnd.Terminals;

/// <summary>
/// The built program as a user starts it: in a process of its own, with pipes or inside a pseudo-terminal. Everything it prints is
/// collected as it comes, so tests wait for text and never for time; at the end of the test the process is killed by its id.
/// </summary>
internal sealed class ProgramRun : IDisposable
{
    // No test waits for this long when things go well; a busy machine must not fail one.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    // What lets root read and write every file.
    private const string IgnorePermissions = "-dac_override,-dac_read_search";

    private readonly Process _process;
    private readonly Transcript _output = new();
    private readonly Transcript _error = new();
    private readonly Task _ended;
    private readonly string _command;

    private ProgramRun(ProcessStartInfo start)
    {
        _command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("P2PCOPY_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);
        _process = Process.Start(start)!;
        _ended = Task.WhenAll(_output.CollectAsync(_process.StandardOutput), _error.CollectAsync(_process.StandardError), _process.WaitForExitAsync());
    }

    /// <summary>Whether programs can be started inside a terminal here.</summary>
    public static bool HasTerminals => OperatingSystem.IsLinux() && File.Exists("/usr/bin/script");

    /// <summary>Standard output so far; both outputs when it runs in a terminal.</summary>
    public string Output => _output.Text;

    /// <summary>Standard error so far.</summary>
    public string Error => _error.Text;

    private static string Program => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "p2pcopy.exe" : "p2pcopy");

    /// <summary>Starts the program with pipes.</summary>
    public static ProgramRun Start(params IEnumerable<string> words) => new(new ProcessStartInfo(Program, words));

    /// <summary>Starts the program so that file permissions bind it, as they do every user but root.</summary>
    public static ProgramRun StartBoundByPermissions(params IEnumerable<string> words) => Environment.IsPrivilegedProcess
        ? new(new ProcessStartInfo("setpriv", [$"--bounding-set={IgnorePermissions}", $"--inh-caps={IgnorePermissions}", Program, .. words]))
        : Start(words);

    /// <summary>Starts the program inside a pseudo-terminal of the given width.</summary>
    public static ProgramRun StartInTerminal(int columns, params IEnumerable<string> words)
    {
        var line = string.Join(' ', words.Prepend(Program).Select(word => $"'{word}'"));
        return new ProgramRun(new ProcessStartInfo("/usr/bin/script", ["-qefc", $"stty cols {columns} rows 24; exec {line}", "/dev/null"])
        {
            Environment = { ["TERM"] = "xterm-256color" },
        });
    }

    /// <summary>Waits until standard output has a text.</summary>
    public Task SeeAsync(string text) => ReadAsync(_output, text, wholeLine: false);

    /// <summary>Waits until standard error has a text.</summary>
    public Task SeeErrorAsync(string text) => ReadAsync(_error, text, wholeLine: false);

    /// <summary>The address that the program tells its user to tell the peer.</summary>
    public Task<string> AddressAsync() => ReadAsync(_output, "Tell this to your peer: ", wholeLine: true);

    /// <summary>Types a line.</summary>
    public void Type(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }

    /// <summary>Closes standard input.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Presses Ctrl+C in the terminal that the program runs in.</summary>
    public void PressControlC()
    {
        _process.StandardInput.Write('\u0003');
        _process.StandardInput.Flush();
    }

    /// <summary>Sends a signal by its name: INT, TERM.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        try
        {
            await _ended.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw Failure($"still runs after {Limit}");
        }

        return _process.ExitCode;
    }

    /// <summary>What the program said, for failure messages.</summary>
    public override string ToString() => $"$ {_command}\n{Output}\n{Error}";

    public void Dispose()
    {
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the deed.
        }

        _process.Dispose();
    }

    private async Task<string> ReadAsync(Transcript transcript, string text, bool wholeLine)
    {
        try
        {
            var found = await transcript.FindAsync(text, wholeLine).WaitAsync(Limit, TestContext.Current.CancellationToken);
            return found ?? throw Failure($"ended without saying \"{text}\"");
        }
        catch (TimeoutException)
        {
            throw Failure($"did not say \"{text}\" within {Limit}");
        }
    }

    private InvalidOperationException Failure(string what) => new($"The program {what}:\n{this}");
}
