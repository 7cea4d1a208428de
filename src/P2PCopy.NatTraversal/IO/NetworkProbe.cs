using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.NatDetection;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.NatTraversal.IO;

/// <summary>
/// Finds out what the network does to the socket of a driver, and keeps the address it found alive afterwards. The filtering tests
/// run on a scratch socket of their own.
/// </summary>
/// <example><code>
/// using var probe = NetworkProbe.Start(driver);
/// var report = await probe.Report;
/// Console.WriteLine($"Your firewall is {report.Firewall}");
/// </code></example>
public sealed class NetworkProbe : IDisposable
{
    private readonly UdpDriver _driver;
    private readonly StunServerPlan _plan;
    private readonly bool _testIPv6;
    private readonly NatProbe _machine = new(RandomNumberGenerator.Fill);
    private readonly TaskCompletionSource<NetworkReport> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly List<(StunBinding Test, TaskCompletionSource<bool?> Done)> _forwardings = [];
    private bool _fallbackBegun;
    private int _testing;

    private NetworkProbe(UdpDriver driver, NetworkProbeOptions options)
    {
        _driver = driver;
        _stopped = _stop.Token;
        _testIPv6 = options.IPv6;
        _plan = options.Servers is { } servers
            ? StunServerPlan.Of(servers)
            : StunServerPlan.BuiltIn(new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
    }

    /// <summary>
    /// Told, with the new address, when the internet sees the socket elsewhere than before: the peer must be told anew. Called on the
    /// driver's thread, which must not be held up.
    /// </summary>
    public event Action<UdpEndpoint>? MappedAddressChanged;

    /// <summary>
    /// Told, with a better report, when the first one said that no server answers and one did after all, up to 40 s later. Called on the
    /// driver's thread, which must not be held up.
    /// </summary>
    public event Action<NetworkReport>? Corrected;

    /// <summary>The result: typically after 0.5 s, after about 1 s at most when servers answer, after about 3 s when none does. Never fails.</summary>
    public Task<NetworkReport> Report => _report.Task;

    /// <summary>Where the internet sees the socket now; <see langword="null"/> while or when that is not known.</summary>
    public UdpEndpoint? MappedEndpoint
    {
        get
        {
            using var turn = _driver.EnterTurn();
            return _machine.MappedEndpoint;
        }
    }

    /// <summary>Starts in the background and returns at once.</summary>
    /// <param name="driver">The driver of the main socket, which stays the caller's. Its socket serves IPv4, alone or beside IPv6.</param>
    /// <param name="options">Whom to ask.</param>
    public static NetworkProbe Start(UdpDriver driver, NetworkProbeOptions? options = null)
    {
        var probe = new NetworkProbe(driver, options ?? new NetworkProbeOptions());
        driver.Add(probe._machine, probe.Look);
        using (var turn = driver.EnterTurn()) probe._machine.Start(turn.Now);
        _ = Task.Run(probe.RunAsync);
        return probe;
    }

    /// <summary>
    /// Finds out whether strangers come in by a port that the router is said to forward to the socket: has a server write there from an
    /// address that was never written to. To be called when <see cref="Report"/> is there.
    /// </summary>
    /// <param name="port">The outer port.</param>
    /// <returns>
    /// Whether the server's words came, after a round trip or, when not, after 300 ms or more; <see langword="null"/> when no server can
    /// do that.
    /// </returns>
    public Task<bool?> TestForwardingAsync(ushort port)
    {
        using var turn = _driver.EnterTurn();
        if (_stopped.IsCancellationRequested || _machine.TestForwarding(port, turn.Now) is not { } test) return Task.FromResult<bool?>(null);
        var done = new TaskCompletionSource<bool?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _forwardings.Add((test, done));
        return done.Task;
    }

    /// <summary>Sends nothing more of its own accord: a path to the peer keeps the mapping open now.</summary>
    public void StopKeepAlive()
    {
        using var turn = _driver.EnterTurn();
        _machine.StopKeepAlive();
    }

    /// <summary>Takes STUN off the driver. A report that is not there yet says that nothing is known.</summary>
    public void Dispose()
    {
        if (_stopped.IsCancellationRequested) return;
        _stop.Cancel();
        _driver.Remove(_machine);
        _report.TrySetResult(new NetworkReport());
        using (var turn = _driver.EnterTurn())
            foreach (var (_, done) in _forwardings) done.TrySetResult(null);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var resolved = new ResolvedServers(_stopped);
        var tests = TestAsync(resolved, 0);
        await AskAsync(_plan.Mapping, resolved).ConfigureAwait(false);
        await tests.ConfigureAwait(false);
    }

    private Task TestAsync(ResolvedServers resolved, int testing) =>
        Task.WhenAll(TestFilteringAsync(resolved, testing), TestIPv6Async(resolved, testing), TestIPv6FilteringAsync(resolved, testing));

    private async Task AskAsync(IReadOnlyList<ServerName> servers, ResolvedServers resolved)
    {
        await Task.WhenAll(servers.Select(async server =>
        {
            var addresses = await resolved.GetAsync(server).ConfigureAwait(false);
            var endpoint = Array.Find(addresses, address => address.IsIPv4);
            var local = endpoint.Port > 0 ? LocalAddress.Towards(endpoint, _driver.LocalEndpoint) : null;
            using var turn = _driver.EnterTurn();
            if (local is not null) _machine.SetLocalEndpoint(local);

            // Nobody waits for an answer of a server that there is no way to.
            if (local is not null) _machine.AddServer(endpoint, turn.Now);
            else _machine.SkipServer();
        })).ConfigureAwait(false);
        using var end = _driver.EnterTurn();
        _machine.CompleteServers(end.Now);
        Look(end.Now);
    }

    private async Task TestFilteringAsync(ResolvedServers resolved, int testing)
    {
        var findings = await FilteringRun.RunAsync(_plan.Filtering, resolved, isIPv4: true, _stopped).ConfigureAwait(false);
        using var turn = _driver.EnterTurn();
        if (testing != _testing) return;
        _machine.HandleFiltering(findings, turn.Now);
        Look(turn.Now);
    }

    private async Task TestIPv6Async(ResolvedServers resolved, int testing)
    {
        var (works, mapped) = _testIPv6
            ? await IPv6Run.RunAsync(_plan.Mapping, resolved, _stopped).ConfigureAwait(false)
            : (null, null);
        using var turn = _driver.EnterTurn();
        if (testing != _testing) return;
        _machine.HandleIPv6(works, mapped, turn.Now);
        Look(turn.Now);
    }

    private async Task TestIPv6FilteringAsync(ResolvedServers resolved, int testing)
    {
        var findings = _testIPv6
            ? await FilteringRun.RunAsync(_plan.Filtering, resolved, isIPv4: false, _stopped).ConfigureAwait(false)
            : FilteringFindings.None;
        using var turn = _driver.EnterTurn();
        if (testing != _testing) return;
        _machine.HandleIPv6Filtering(findings.Filtering, turn.Now);
        Look(turn.Now);
    }

    // Runs inside a turn: after each step of the driver, and after what was told from outside, which need not wake the driver.
    private void Look(Instant now)
    {
        if (_machine.WantsMoreServers && !_fallbackBegun)
        {
            _fallbackBegun = true;
            _ = Task.Run(() => AskAsync(_plan.Fallback, new ResolvedServers(_stopped)));
        }

        if (_machine.TryTakeWishForTests())
        {
            // What the first tests found out while nobody was heard counts no more.
            var testing = ++_testing;
            _ = Task.Run(() => TestAsync(new ResolvedServers(_stopped), testing));
        }

        if (_machine.Report is { } report) _report.TrySetResult(report);
        if (_machine.TryReadCorrection(out var correction)) Corrected?.Invoke(correction);
        while (_machine.TryReadMappedAddressChanged(out var mapped)) MappedAddressChanged?.Invoke(mapped);
        _forwardings.RemoveAll(Ended);
    }

    // A server that refuses, or answers from elsewhere, says nothing about the router.
    private static bool Ended((StunBinding Test, TaskCompletionSource<bool?> Done) forwarding)
    {
        if (forwarding.Test.State == StunBindingState.Pending) return false;
        forwarding.Done.TrySetResult(forwarding.Test.State switch
        {
            StunBindingState.Answered => true,
            StunBindingState.TimedOut => false,
            _ => null,
        });
        return true;
    }
}
