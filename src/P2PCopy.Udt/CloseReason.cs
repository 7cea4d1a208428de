namespace P2PCopy.Udt;

/// <summary>Why a connection ended.</summary>
public enum CloseReason
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>This side closed it and everything it wrote was acknowledged.</summary>
    ClosedLocally,

    /// <summary>This side closed it, but not all that it wrote was acknowledged in time.</summary>
    LingerExpired,

    /// <summary>This side gave it up at once.</summary>
    Aborted,

    /// <summary>The peer closed it (a shutdown packet).</summary>
    ClosedByPeer,

    /// <summary>Nothing was heard of the peer for 16 expirations, about 46 s.</summary>
    PeerTimedOut,

    /// <summary>The peer began anew with another socket before this connection was ever used.</summary>
    PeerRestarted,

    /// <summary>Nobody answered the handshake in time.</summary>
    ConnectTimedOut,

    /// <summary>The listener refused: its backlog is full, or version or type do not fit.</summary>
    Rejected,
}
