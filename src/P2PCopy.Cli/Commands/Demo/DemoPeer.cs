using System.Diagnostics;
using P2PCopy.Cli.Terminal;

namespace P2PCopy.Cli.Commands.Demo;

/// <summary>One of the two programs of a demonstration: this same program in a process of its own, its lines shown with its name.</summary>
internal sealed class DemoPeer : IDisposable
{
    private const string Announcement = "Tell this to your peer: ";

    private readonly Process _process;
    private readonly Task _relays;
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DemoPeer(Process process, string name, Screen screen)
    {
        _process = process;
        _relays = Task.WhenAll(RelayAsync(process.StandardOutput, name, screen), RelayAsync(process.StandardError, name, screen))
            .ContinueWith(_ => _address.TrySetException(new CommandFailedException(new ErrorReport(
                ExitCode.NotConnected, $"The {name.Trim()} ended early.", "The reason stands above.", "Correct that, or report it."))), TaskScheduler.Default);
    }

    /// <summary>The address that the program told its user to tell.</summary>
    public Task<string> Address => _address.Task;

    /// <summary>Starts the program.</summary>
    public static DemoPeer Start(string name, string[] words, Screen screen)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // Started by the host, the program is the library beside it.
        if (Path.GetFileNameWithoutExtension(start.FileName) is "dotnet") start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "p2pcopy.dll"));
        foreach (var word in words) start.ArgumentList.Add(word);
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("P2PCOPY_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);
        return new DemoPeer(Process.Start(start)!, name, screen);
    }

    /// <summary>Types a line.</summary>
    public async Task TypeAsync(string line, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation).ConfigureAwait(false);
        await _process.StandardInput.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits until the program ended and all its lines were shown.</summary>
    public async Task<ExitCode> EndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        await _relays.WaitAsync(cancellation).ConfigureAwait(false);
        return (ExitCode)_process.ExitCode;
    }

    /// <summary>Ends the program if it still runs.</summary>
    public void Dispose()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }

        _process.Dispose();
    }

    private async Task RelayAsync(StreamReader reader, string name, Screen screen)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            screen.Result($"{name} | {line}");
            if (line.StartsWith(Announcement, StringComparison.Ordinal)) _address.TrySetResult(line[Announcement.Length..]);
        }
    }
}
