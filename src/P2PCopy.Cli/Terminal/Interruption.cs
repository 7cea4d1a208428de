using System.Runtime.InteropServices;

namespace P2PCopy.Cli.Terminal;

/// <summary>
/// Ctrl+C, a request to terminate or a closed terminal: the first asks the program to clean up and stop, the second ends it at
/// once, and so does a clean-up that takes too long.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private Timer? _end;
    private int _signals;

    public Interruption() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _end?.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1) Environment.Exit((int)ExitCode.Interrupted);
        _end = new Timer(_ => Environment.Exit((int)ExitCode.Interrupted), null, Patience, Timeout.InfiniteTimeSpan);
        _ = _source.CancelAsync();
    }
}
