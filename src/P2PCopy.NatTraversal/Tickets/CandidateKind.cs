namespace P2PCopy.NatTraversal.Tickets;

/// <summary>How an address of a peer came to be known (the candidate types of RFC 8445 §5.1.1, and mapped ports).</summary>
public enum CandidateKind
{
    /// <summary>An IPv4 address of the machine itself, reachable in its own network.</summary>
    Host,

    /// <summary>A global or unique local IPv6 address of the machine itself.</summary>
    HostV6,

    /// <summary>An address and port that a router forwards on request (PCP, NAT-PMP, UPnP).</summary>
    Mapped,

    /// <summary>What STUN servers saw.</summary>
    Reflexive,

    /// <summary>Learned from the source of an authenticated packet; never in a ticket.</summary>
    PeerReflexive,
}
