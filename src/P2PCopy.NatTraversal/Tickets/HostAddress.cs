using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>An address of this computer, as far as it matters for what to tell a peer.</summary>
/// <param name="Address">The address; its port means nothing.</param>
/// <param name="Interface">The name of the interface that has it.</param>
public sealed record HostAddress(UdpEndpoint Address, string Interface)
{
    /// <summary>Whether the interface has a router.</summary>
    public bool HasGateway { get; init; }

    /// <summary>Whether the system reaches the internet from this address; that makes its interface the one of the default route.</summary>
    public bool IsPreferred { get; init; }

    /// <summary>What its interface says that it carries, where it says so.</summary>
    public long? BitsPerSecond { get; init; }

    /// <summary>Whether it is an IPv6 address that is replaced every day or so (RFC 8981), where the system tells.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Whether it is on its way out or not yet proved to be ours alone, where the system tells.</summary>
    public bool IsDeprecated { get; init; }
}
