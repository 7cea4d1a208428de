namespace P2PCopy.NatTraversal.Report;

/// <summary>
/// What stands between this computer and the internet, by the names of RFC 3489 that users know. What is meant is RFC 4787's mapping
/// and filtering; the old names have no word for the difference between its two kinds of address-dependent mapping.
/// </summary>
public enum FirewallType
{
    /// <summary>No server was asked.</summary>
    Unknown,

    /// <summary>No NAT, and anybody gets in.</summary>
    OpenInternet,

    /// <summary>No NAT, but a firewall that lets in only who was written to.</summary>
    SymmetricUdpFirewall,

    /// <summary>One outside address for all peers, and anybody gets in.</summary>
    FullCone,

    /// <summary>One outside address for all peers; whoever's address was written to gets in.</summary>
    RestrictedCone,

    /// <summary>One outside address for all peers; only the very address and port that was written to gets in.</summary>
    PortRestrictedCone,

    /// <summary>One outside address for all peers; who gets in could not be found out.</summary>
    Cone,

    /// <summary>Another outside port for every peer.</summary>
    Symmetric,

    /// <summary>No answer came by IPv4, but by IPv6: that is the only way to the internet. RFC 3489 has no name for it.</summary>
    IPv6Only,

    /// <summary>No answer came from anywhere.</summary>
    UdpBlocked,
}
