namespace P2PCopy.NatTraversal.PortMapping.Wire;

/// <summary>What a PCP answer says (RFC 6887 §7.4); only those that are told from the others here.</summary>
internal enum PcpResult : byte
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The router speaks another version: NAT-PMP, mostly.</summary>
    UnsupportedVersion = 1,

    /// <summary>It does not want to.</summary>
    NotAuthorized = 2,

    /// <summary>Not now: the router is without its line, for example.</summary>
    NetworkFailure = 7,

    /// <summary>Not now: it has no port or memory to spare.</summary>
    NoResources = 8,

    /// <summary>The request came from another address than it names: a NAT is between.</summary>
    AddressMismatch = 12,
}
