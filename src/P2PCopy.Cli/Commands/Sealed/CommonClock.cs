using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.IO;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>
/// Internet time for the pairs that need it, asked for when the peer's ticket says so: most copies never ask a time server. Without an
/// answer the link goes by this computer's clock.
/// </summary>
internal sealed class CommonClock(ConnectionSettings settings, MonotonicClock clock, SealedLink link) : IDisposable
{
    private readonly Lock _gate = new();
    private InternetClock? _running;
    private bool _disposed;

    /// <summary>Asks, if that is needed and was not done yet; returns at once.</summary>
    public void StartIfNeeded()
    {
        if (!link.NeedsTime) return;
        lock (_gate)
        {
            if (_disposed || _running is not null) return;
            _running = InternetClock.Start(new InternetClockOptions { Servers = settings.Ntp }, clock);
            _ = TellAsync(_running);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _running?.Dispose();
        }
    }

    private async Task TellAsync(InternetClock running) => link.SetTime(await running.FirstReading.ConfigureAwait(false));
}
