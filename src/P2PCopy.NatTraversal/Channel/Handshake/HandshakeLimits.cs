using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>
/// How many new first messages are worth opening: few from one network, not many from all together. Networks that this side itself
/// sends probes to do not compete with the rest of the world, so a flood with forged sources cannot keep the peer out.
/// </summary>
// PROTOCOL HSK-9.
internal sealed class HandshakeLimits(Instant start)
{
    private const int Burst = 10;
    private const int PerSecond = 1;
    private const int TotalPerSecond = 20;
    private const int MostSources = 64;
    private const int MostExpected = 32;

    private readonly Dictionary<ulong, TokenBucket> _sources = new(MostSources);
    private readonly HashSet<ulong> _expected = new(MostExpected);
    private TokenBucket _total = new(TotalPerSecond, TotalPerSecond, start);

    /// <summary>Networks of which something is known.</summary>
    public int Sources => _sources.Count;

    /// <summary>A probe goes to this address, so an answer or the peer's own probe may come from its network.</summary>
    public void Expect(UdpEndpoint remote)
    {
        if (_expected.Count < MostExpected) _expected.Add(NetworkOf(remote));
    }

    /// <summary>Whether one more message from this address may be opened.</summary>
    public bool TryTake(UdpEndpoint remote, Instant now)
    {
        var network = NetworkOf(remote);
        if (!_sources.TryGetValue(network, out var bucket))
        {
            if (_sources.Count == MostSources) ForgetFullest();
            bucket = new TokenBucket(Burst, PerSecond, now);
        }

        var taken = bucket.TryTake(now);
        _sources[network] = bucket;
        return taken && (_expected.Contains(network) || _total.TryTake(now));
    }

    // A full bucket is like a new one, so the fullest is the one that costs least to forget.
    private void ForgetFullest()
    {
        ulong fullest = 0;
        var at = Instant.Never;
        foreach (var (network, bucket) in _sources)
        {
            if (bucket.FullAt < at) (fullest, at) = (network, bucket.FullAt);
        }

        _sources.Remove(fullest);
    }

    // An IPv4 /24 or an IPv6 /48; the top bit keeps the families apart.
    private static ulong NetworkOf(UdpEndpoint remote) =>
        remote.IsIPv4 ? (1UL << 63) | (remote.IPv4Bits >> 8) : remote.HighBits >> 16;
}
