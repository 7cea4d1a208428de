using System.Diagnostics;

namespace P2PCopy.EndToEnd.Processes;

/// <summary>
/// A process of another program that a test runs: its output is collected as it comes, tests wait for lines of it, and it is killed
/// with its test. Failures tell the command and everything it said.
/// </summary>
internal sealed class RealProcess : IDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly string _command;
    private int _openOutputs = 2;
    private bool _disposed;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RealProcess(ProcessStartInfo start)
    {
        _command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Everything said so far on both outputs.</summary>
    public string Transcript
    {
        get
        {
            lock (_gate) return $"$ {_command}\n{string.Join('\n', _lines)}";
        }
    }

    public static RealProcess Start(string file, params IEnumerable<string> arguments) =>
        new(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });

    /// <summary>Runs a short command to its end and gives its standard output; fails when its exit code is not 0.</summary>
    public static string Run(string file, IEnumerable<string> arguments, string? input = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0) return output;
        throw new InvalidOperationException(
            $"{file} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {errors.Result}{output}\n{input}");
    }

    /// <summary>The first line on either output, said already or within the limit, that begins with the prefix.</summary>
    public Task<string> WaitForLineAsync(string prefix, TimeSpan limit) =>
        WaitForLineAsync(line => line.StartsWith(prefix, StringComparison.Ordinal), $"a line \"{prefix}\"", limit);

    /// <summary>The first line that has these words somewhere.</summary>
    public Task<string> WaitForWordsAsync(string words, TimeSpan limit) =>
        WaitForLineAsync(line => line.Contains(words, StringComparison.Ordinal), $"the words \"{words}\"", limit);

    /// <summary>Waits for the end and gives the exit code; 128 plus the signal when one ended it.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw Failure($"still runs after {limit}");
        }

        return _process.ExitCode;
    }

    /// <summary>Ends it as <c>kill -9</c> does; the processes that it started end with it.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Signal(int signal) => Run("kill", [$"-{signal}", $"{Id}"]);

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<string> WaitForLineAsync(Predicate<string> isIt, string what, TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        while (true)
        {
            Task grown;
            lock (_gate)
            {
                if (_lines.Find(isIt) is { } line) return line;
                grown = _openOutputs > 0 ? _grown.Task : Task.FromException(Failure($"ended without {what}"));
            }

            try
            {
                await grown.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw Failure($"did not say {what} within {limit}");
            }
        }
    }

    private InvalidOperationException Failure(string what) => new($"The process {what}:\n{Transcript}");

    private void Take(string? line)
    {
        lock (_gate)
        {
            if (line is null) _openOutputs--;
            else _lines.Add(line);
            _grown.TrySetResult();
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
