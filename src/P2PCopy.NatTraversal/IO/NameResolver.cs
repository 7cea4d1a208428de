using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.IO;

/// <summary>Resolves server names side by side, each within its own limit, and never throws: a name that does not resolve has no addresses.</summary>
internal static class NameResolver
{
    private const int StackBytes = 256 * 1024;

    /// <summary>How long one name may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>All addresses of a server with its port, IPv4 first; empty when there are none within the limit.</summary>
    public static async Task<UdpEndpoint[]> ResolveAsync(ServerName server, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(server.Host, out var literal)) return [UdpEndpoint.From(literal, server.Port)];
        var result = new TaskCompletionSource<UdpEndpoint[]>(TaskCreationOptions.RunContinuationsAsynchronously);

        // The system's resolver blocks its thread, for many seconds when the network is down. In the thread pool two such names
        // would hold up all others, so each gets a thread that nobody waits for longer than the limit.
        new Thread(() => result.TrySetResult(Resolve(server)), StackBytes) { IsBackground = true, Name = "p2pcopy resolve" }.Start();
        try
        {
            return await result.Task.WaitAsync(Limit, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return [];
        }
    }

    private static UdpEndpoint[] Resolve(ServerName server)
    {
        try
        {
            return Dns.GetHostAddresses(server.Host)
                .Where(address => address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
                .Select(address => UdpEndpoint.From(address, server.Port))
                .OrderBy(endpoint => endpoint.IsIPv4 ? 0 : 1)
                .ToArray();
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            return [];
        }
    }
}
