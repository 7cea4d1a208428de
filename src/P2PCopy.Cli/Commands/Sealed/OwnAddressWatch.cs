using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>
/// Learns where the internet sees this side, keeps that address alive while the users talk, and looks again when the peer fell
/// silent: a new address means a new ticket, which brings a session back that cannot find its way by itself.
/// </summary>
internal sealed class OwnAddressWatch(UdpDriver driver, ConnectionSettings settings, OwnTicket own, SealedLink link) : IDisposable
{
    private readonly Lock _gate = new();
    private NetworkProbe? _probe;
    private bool _disposed;

    /// <summary>Finds out what the network does.</summary>
    public async Task<NetworkReport> LearnAsync(CancellationToken cancellation) =>
        await (Start() ?? throw new ObjectDisposedException(nameof(OwnAddressWatch))).Report.WaitAsync(cancellation).ConfigureAwait(false);

    /// <summary>A path to the peer keeps the address alive now.</summary>
    public void StopKeepAlive()
    {
        lock (_gate) _probe?.StopKeepAlive();
    }

    /// <summary>Asks again in the background, and tells the user when the address is another one now.</summary>
    public void LookAgain() => _ = Task.Run(async () =>
    {
        if (Start() is not { } probe) return;
        var report = await probe.Report.ConfigureAwait(false);
        if (report.MappedEndpoint is { } mapped) Change(mapped);
        StopKeepAlive();
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _probe?.Dispose();
        }
    }

    private NetworkProbe? Start()
    {
        lock (_gate)
        {
            if (_disposed) return null;
            _probe?.Dispose();
            _probe = NetworkProbe.Start(driver, new NetworkProbeOptions { Servers = settings.Stun, IPv6 = !settings.AvoidsIPv6 });

            // Told on the driver's thread, which must not wait for a terminal.
            _probe.MappedAddressChanged += mapped => ThreadPool.QueueUserWorkItem(_ => Change(mapped));
            return _probe;
        }
    }

    private void Change(UdpEndpoint mapped)
    {
        if (own.Change(mapped) is { } ticket) link.Announce(ticket.Addresses);
    }
}
