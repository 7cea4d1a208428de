using System.Collections.Concurrent;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.IO;

/// <summary>The addresses of the servers of one run; a name that several tests use is resolved once.</summary>
internal sealed class ResolvedServers(CancellationToken cancellation)
{
    private readonly ConcurrentDictionary<ServerName, Lazy<Task<UdpEndpoint[]>>> _addresses = new();

    public Task<UdpEndpoint[]> GetAsync(ServerName server) => _addresses
        .GetOrAdd(server, name => new Lazy<Task<UdpEndpoint[]>>(() => NameResolver.ResolveAsync(name, cancellation))).Value;
}
