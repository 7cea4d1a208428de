namespace P2PCopy.NatTraversal.Report;

/// <summary>
/// What a packet does to the mapping when it reaches the NAT before ours left for its sender. Some NATs, Linux among them when the
/// box itself takes the packet, then give us another outside port towards that peer for as long as the peer keeps sending.
/// </summary>
public enum EarlyPacketEffect
{
    /// <summary>Not found out.</summary>
    Unknown,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>It spoils the mapping towards its sender.</summary>
    SpoilsMapping,
}
