using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>
/// Learns where the internet sees this side and has the router forward a port, keeps both alive while the users talk, and looks again
/// when the peer fell silent: a new address means a new ticket, which brings a session back that cannot find its way by itself.
/// </summary>
internal sealed class OwnAddressWatch(UdpDriver driver, ConnectionSettings settings, OwnTicket own, SealedLink link) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(40);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly MappedPort _mapped = MappedPort.Start(driver.LocalEndpoint.Port, settings.PortMapping);
    private NetworkArrival? _arrival;
    private NetworkProbe? _probe;
    private volatile bool _connected;
    private int _looks;
    private int _changes;
    private bool _disposed;

    /// <summary>Finds out what the network does.</summary>
    public async Task<NetworkReport> LearnAsync(CancellationToken cancellation)
    {
        _mapped.Changed += _ => Task.Run(ChangeMappingAsync);
        var probe = Start() ?? throw new ObjectDisposedException(nameof(OwnAddressWatch));
        var report = await probe.Report.WaitAsync(cancellation).ConfigureAwait(false);
        await _mapped.First.WaitAsync(cancellation).ConfigureAwait(false);
        await ChangeMappingAsync().WaitAsync(cancellation).ConfigureAwait(false);
        lock (_gate)
            if (!_disposed) _arrival = new NetworkArrival(LookForNetwork);
        return report with { PortMapping = own.PortMapping };
    }

    /// <summary>A path to the peer keeps the address alive now.</summary>
    public void StopKeepAlive()
    {
        _connected = true;
        lock (_gate) _probe?.StopKeepAlive();
    }

    /// <summary>
    /// The peer fell silent: asks again in the background, more and more seldom until <see cref="StopKeepAlive"/>, and tells the user when
    /// the address is another one now. A network that one has just come into may need some time before it answers.
    /// </summary>
    public void LookAgain()
    {
        _connected = false;
        if (Interlocked.Exchange(ref _looks, 1) == 0) _ = Task.Run(LookAsync);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_disposed) _stop.Cancel();
            _disposed = true;
            _arrival?.Dispose();
            _probe?.Dispose();
        }

        return _mapped.DisposeAsync();
    }

    private async Task LookAsync()
    {
        for (var pause = FirstPause; !_connected; pause = pause < LastPause ? pause * 2 : LastPause)
        {
            _mapped.Refresh();
            if (Start() is not { } probe) return;
            var report = await probe.Report.ConfigureAwait(false);
            if (report.MappedEndpoint is { } mapped) Change(mapped);
            await Task.Delay(pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Volatile.Write(ref _looks, 0);
        if (!_connected) LookAgain();
        else StopKeepAlive();
    }

    // A network has come, perhaps: matters as long as the internet does not see us. Several changes come together mostly.
    private void LookForNetwork()
    {
        if (_connected || own.Network.MappedEndpoint is not null || Interlocked.Increment(ref _changes) > 1) return;
        _ = Task.Run(async () =>
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _changes);
                _mapped.Refresh();
                if (Start() is not { } probe) return;
                Correct(await probe.Report.ConfigureAwait(false));
            }
            while (!_connected && Interlocked.CompareExchange(ref _changes, 0, seen) != seen);
        });
    }

    private NetworkProbe? Start()
    {
        lock (_gate)
        {
            if (_disposed) return null;
            _probe?.Dispose();
            _probe = NetworkProbe.Start(driver, new NetworkProbeOptions { Servers = settings.Stun, IPv6 = !settings.AvoidsIPv6 });

            // Told on the driver's thread, which must not wait for a terminal.
            _probe.MappedAddressChanged += mapped => ThreadPool.QueueUserWorkItem(_ =>
            {
                // The router has most likely got another address, and what it forwards is to be told by that.
                Change(mapped);
                _mapped.Refresh();
            });
            _probe.Corrected += report => ThreadPool.QueueUserWorkItem(_ => Correct(report));
            return _probe;
        }
    }

    private async Task ChangeMappingAsync()
    {
        NetworkProbe? probe;
        lock (_gate) probe = _probe;
        var mapping = _mapped.Latest;
        var tested = probe is null || _connected ? mapping : await ForwardingTest.OfAsync(mapping, probe).ConfigureAwait(false);

        // What came meanwhile is on its way by itself.
        if (mapping == _mapped.Latest && own.Change(tested, _connected) is { } ticket) Tell(ticket);
    }

    private void Change(UdpEndpoint mapped)
    {
        if (own.Change(mapped) is { } ticket) Tell(ticket);
    }

    private void Correct(NetworkReport report)
    {
        if (own.Correct(report, _connected) is { } ticket) Tell(ticket);
    }

    private void Tell(Ticket ticket)
    {
        link.SetOwnTicket(ticket);
        link.Announce(ticket.Addresses);
    }
}
