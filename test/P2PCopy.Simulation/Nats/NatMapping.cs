using P2PCopy.Datagrams;

namespace P2PCopy.Simulation.Nats;

/// <summary>One mapping of a NAT: inside, outside, and who may send in.</summary>
internal sealed class NatMapping(UdpEndpoint inside, UdpEndpoint outside, UdpEndpoint scope)
{
    private readonly Dictionary<UdpEndpoint, Instant> _permits = [];

    public UdpEndpoint Inside { get; } = inside;

    public UdpEndpoint Outside { get; } = outside;

    /// <summary>The part of the far endpoint that the mapping holds for; empty when it holds for all.</summary>
    public UdpEndpoint Scope { get; } = scope;

    public Instant LastUsed { get; private set; }

    /// <summary>Whether it had to leave from another port than the usual, and nobody has answered there.</summary>
    public bool IsAstray { get; set; }

    public void Use(UdpEndpoint permit, Instant now)
    {
        LastUsed = now;
        _permits[permit] = now;
    }

    public bool Permits(UdpEndpoint permit, Instant now, TimeSpan timeout) =>
        _permits.TryGetValue(permit, out var used) && now - used < timeout;
}
