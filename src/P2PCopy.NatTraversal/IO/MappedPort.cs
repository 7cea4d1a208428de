using System.Net.Sockets;
using P2PCopy.NatTraversal.PortMapping;

namespace P2PCopy.NatTraversal.IO;

/// <summary>
/// A port that the router of this network forwards to ours, for as long as this lives. The router may not know how, or not want to;
/// then nothing is forwarded and nothing is lost but a second.
/// </summary>
/// <example><code>
/// await using var mapped = MappedPort.Start(driver.LocalEndpoint.Port, PortMappingProtocols.All);
/// var report = await mapped.First;
/// if (report.External is { } outside) Console.WriteLine($"The router forwards {outside}");
/// </code></example>
public sealed class MappedPort : IAsyncDisposable
{
    private readonly ushort _port;
    private readonly PortMappingProtocols _allowed;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<PortMappingReport> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _looking;
    private GatewayTalk? _talk;
    private bool _disposed;
    private volatile PortMappingReport _latest = new(PortMappingOutcome.Pending);

    private MappedPort(ushort port, PortMappingProtocols allowed)
    {
        (_port, _allowed) = (port, allowed);
        if (allowed == PortMappingProtocols.None)
        {
            Report(new PortMappingReport(PortMappingOutcome.NotAsked));
            _looking = Task.CompletedTask;
        }
        else
        {
            _looking = Task.Run(LookAsync);
        }
    }

    /// <summary>Told when the result is another one than before, also after the first. Called on a thread that must not be held up.</summary>
    public event Action<PortMappingReport>? Changed;

    /// <summary>The first result: at once when a router answers, after about a second when none does. Never fails.</summary>
    public Task<PortMappingReport> First => _first.Task;

    /// <summary>The result as it is now.</summary>
    public PortMappingReport Latest => _latest;

    /// <summary>Begins to ask the router of the default route, in the background.</summary>
    /// <param name="port">The UDP port of this computer that is to be reached from outside.</param>
    /// <param name="allowed">How the router may be asked.</param>
    public static MappedPort Start(ushort port, PortMappingProtocols allowed = PortMappingProtocols.All) => new(port, allowed);

    /// <summary>Something happened to the network: looks which router there is now, and asks it again.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            if (_disposed || _allowed == PortMappingProtocols.None) return;
            _looking = _looking.ContinueWith(_ => LookAsync(), TaskScheduler.Default).Unwrap();
        }
    }

    /// <summary>Takes back what the router forwards, within 300 ms; what could not be taken back ends by itself after 20 minutes.</summary>
    public async ValueTask DisposeAsync()
    {
        Task looking;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            looking = _looking;
        }

        await looking.ConfigureAwait(false);
        if (_talk is not null) await _talk.DisposeAsync().ConfigureAwait(false);
        _first.TrySetResult(new PortMappingReport(PortMappingOutcome.NotAsked));
    }

    private async Task LookAsync()
    {
        var place = DefaultGateway.Find();
        if (_talk is { } talk)
        {
            if (place is null || talk.Place == place)
            {
                talk.Refresh();
                return;
            }

            await talk.DisposeAsync().ConfigureAwait(false);
            _talk = null;
        }

        try
        {
            if (place is not null) _talk = new GatewayTalk(place, _port, _allowed, Report);
            else Report(new PortMappingReport(PortMappingOutcome.NoService));
        }
        catch (SocketException)
        {
            // The address went away between the two.
            Report(new PortMappingReport(PortMappingOutcome.NoService));
        }
    }

    private void Report(PortMappingReport report)
    {
        _latest = report;
        if (!_first.TrySetResult(report)) Changed?.Invoke(report);
    }
}
