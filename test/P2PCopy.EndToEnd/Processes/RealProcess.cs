using System.Diagnostics;
using System.Text;

namespace P2PCopy.EndToEnd.Processes;

/// <summary>
/// A process that a test runs: its output is collected as it comes, so tests wait for what it says and never for time, and it is killed
/// by its id with its test. Failures tell the command and everything it said.
/// </summary>
internal sealed class RealProcess : IDisposable
{
    private readonly Process _process;
    private readonly Transcript _transcript = new();
    private readonly Task _ended;
    private readonly string _command;
    private bool _disposed;

    private RealProcess(ProcessStartInfo start)
    {
        _command = Command(start);
        _process = Process.Start(start)!;
        _ended = Task.WhenAll(_transcript.CollectAsync(_process.StandardOutput, _process.StandardError), _process.WaitForExitAsync());
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output so far.</summary>
    public string Output => _transcript.Output;

    /// <summary>Standard error so far.</summary>
    public string Error => _transcript.Error;

    /// <summary>The command and everything said so far on both outputs.</summary>
    public string Transcript => $"$ {_command}\n{Output}\n{Error}";

    /// <summary>As <see cref="Transcript"/>, in the order in which it came, with the seconds since the start.</summary>
    public string TimedTranscript => $"$ {_command}\n{_transcript.Timed}";

    public static RealProcess Start(string file, params IEnumerable<string> arguments) => new(Describe(file, arguments));

    /// <summary>Runs a short command to its end and gives its standard output; fails when its exit code is not 0.</summary>
    public static string Run(string file, IEnumerable<string> arguments, string? input = null)
    {
        var start = Describe(file, arguments);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0) return output;
        throw new InvalidOperationException($"{Command(start)} ended with {process.ExitCode}: {errors.Result}{output}\n{input}");
    }

    /// <summary>The first line on either output, said already or within the limit, that begins with the prefix.</summary>
    public Task<string> WaitForLineAsync(string prefix, TimeSpan limit) =>
        WaitAsync(_transcript.FindLineAsync(line => line.StartsWith(prefix, StringComparison.Ordinal)), $"a line \"{prefix}\"", limit);

    /// <summary>The first line on either output that has these words somewhere.</summary>
    public Task<string> WaitForWordsAsync(string words, TimeSpan limit) =>
        WaitAsync(_transcript.FindLineAsync(line => line.Contains(words, StringComparison.Ordinal)), $"the words \"{words}\"", limit);

    /// <summary>The first line on either output that is the wanted one.</summary>
    public Task<string> WaitForLineAsync(Predicate<string> isIt, string what, TimeSpan limit) => WaitAsync(_transcript.FindLineAsync(isIt), what, limit);

    /// <summary>Waits until standard output has a text, be its line finished or not.</summary>
    public Task WaitForTextAsync(string text, TimeSpan limit) => WaitAsync(_transcript.FindTextAsync(text), $"the text \"{text}\"", limit);

    /// <summary>Waits for the end and gives the exit code; 128 plus the signal when one ended it.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        try
        {
            await _ended.WaitAsync(limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw Failure($"still runs after {limit}");
        }

        return _process.ExitCode;
    }

    /// <summary>Writes to its standard input.</summary>
    public void Write(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary>Writes a line to its standard input.</summary>
    public void WriteLine(string line) => Write(line + "\n");

    /// <summary>Closes its standard input.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Sends a signal by its name: INT, TERM.</summary>
    public void Signal(string name) => Run("kill", [$"-{name}", $"{_process.Id}"]);

    /// <summary>Ends it as <c>kill -9</c> does; the processes that it started end with it.</summary>
    public void Kill() => _process.Kill(entireProcessTree: HasStartedOthers);

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    // The framework looks at every process of the machine to find those; a few hundred at a time are then all that the machine does.
    private bool HasStartedOthers
    {
        get
        {
            try
            {
                return Directory.EnumerateDirectories($"/proc/{_process.Id}/task").Any(thread => File.ReadAllText($"{thread}/children").Length > 0);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // No such list here, or the process has ended.
                return true;
            }
        }
    }

    private static ProcessStartInfo Describe(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        // What is set for the tests, or by who runs them, is no option of the program under test.
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("P2PCOPY_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);

        // Nor is the router of the house asked for anything where tests run; those in the lab say so themselves.
        start.Environment["P2PCOPY_PORTMAP"] = "off";
        return start;
    }

    private static string Command(ProcessStartInfo start) => $"{start.FileName} {string.Join(' ', start.ArgumentList)}";

    private async Task<string> WaitAsync(Task<string?> search, string what, TimeSpan limit)
    {
        try
        {
            return await search.WaitAsync(limit, TestContext.Current.CancellationToken) ?? throw Failure($"ended without {what}");
        }
        catch (TimeoutException)
        {
            throw Failure($"did not say {what} within {limit}");
        }
    }

    private InvalidOperationException Failure(string what) => new($"The process {what}:\n{Transcript}");
}
