using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.NatTraversal.IO;

/// <summary>Tries out whether IPv6 works outwards: two servers, one answer is enough.</summary>
internal static class IPv6Run
{
    private const int Servers = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary><see langword="null"/> when no server has an IPv6 address: then nothing can be tried. Never throws.</summary>
    public static async Task<(bool? Works, UdpEndpoint? Mapped)> RunAsync(
        IReadOnlyList<ServerName> servers, ResolvedServers resolved, CancellationToken cancellation)
    {
        var addresses = await Task.WhenAll(servers.Select(resolved.GetAsync)).ConfigureAwait(false);
        var endpoints = addresses.Select(all => Array.Find(all, address => !address.IsIPv4)).Where(endpoint => endpoint.Port > 0).Take(Servers).ToArray();
        if (endpoints.Length == 0) return (null, null);
        if (LocalAddress.Towards(endpoints[0], UdpEndpoint.From(IPAddress.IPv6Any, 0)) is null) return (false, null);
        try
        {
            using var driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.IPv6Any, 0)));
            var client = new StunClient(RandomNumberGenerator.Fill);
            var answered = new TaskCompletionSource<UdpEndpoint>(TaskCreationOptions.RunContinuationsAsynchronously);
            var bindings = new List<StunBinding>();
            driver.Add(client, _ => Look(bindings, answered));
            using (var turn = driver.EnterTurn())
                foreach (var endpoint in endpoints) bindings.Add(client.Ask(endpoint, turn.Now));
            return (true, await answered.Task.WaitAsync(Limit, cancellation).ConfigureAwait(false));
        }
        catch (Exception error) when (error is SocketException or TimeoutException or OperationCanceledException)
        {
            return (false, null);
        }
    }

    private static void Look(List<StunBinding> bindings, TaskCompletionSource<UdpEndpoint> answered)
    {
        if (bindings.Find(binding => binding.State == StunBindingState.Answered) is { } binding) answered.TrySetResult(binding.MappedEndpoint);
    }
}
