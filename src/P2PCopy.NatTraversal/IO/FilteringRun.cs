using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.NatDetection;

namespace P2PCopy.NatTraversal.IO;

/// <summary>Runs a <see cref="FilteringProbe"/> on a scratch socket.</summary>
internal static class FilteringRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>What was found out within the limit; nothing when no socket can be had. Never throws.</summary>
    /// <param name="servers">Who may be asked.</param>
    /// <param name="resolved">Their addresses.</param>
    /// <param name="isIPv4">By which family they are asked.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<FilteringFindings> RunAsync(
        IReadOnlyList<ServerName> servers, ResolvedServers resolved, bool isIPv4, CancellationToken cancellation)
    {
        if (servers.Count == 0) return FilteringFindings.None;
        try
        {
            using var driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(isIPv4 ? IPAddress.Any : IPAddress.IPv6Any, 0)));
            var machine = new FilteringProbe(RandomNumberGenerator.Fill);
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            driver.Add(machine, _ => Look(machine, done));

            // Not awaited: a name that takes long must not hold up a result that is there already.
            _ = NameAsync(machine, driver, servers, resolved, isIPv4, done);
            await done.Task.WaitAsync(Limit, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var end = driver.EnterTurn();
            return machine.Findings;
        }
        catch (SocketException)
        {
            return FilteringFindings.None;
        }
    }

    private static async Task NameAsync(
        FilteringProbe machine, UdpDriver driver, IReadOnlyList<ServerName> servers, ResolvedServers resolved, bool isIPv4, TaskCompletionSource done)
    {
        await Task.WhenAll(servers.Select(async server =>
        {
            var addresses = await resolved.GetAsync(server).ConfigureAwait(false);
            if (Array.Find(addresses, address => address.IsIPv4 == isIPv4) is not { Port: > 0 } endpoint) return;
            using var turn = driver.EnterTurn();
            machine.AddServer(endpoint, turn.Now);
        })).ConfigureAwait(false);
        using var end = driver.EnterTurn();
        machine.Complete(end.Now);

        // The loop does not step when nothing is left to do.
        Look(machine, done);
    }

    private static void Look(FilteringProbe machine, TaskCompletionSource done)
    {
        if (machine.IsDone) done.TrySetResult();
    }
}
