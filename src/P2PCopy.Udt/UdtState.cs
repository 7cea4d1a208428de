namespace P2PCopy.Udt;

/// <summary>Where a connection stands.</summary>
public enum UdtState
{
    /// <summary>Handshakes are exchanged.</summary>
    Connecting,

    /// <summary>Data may flow both ways.</summary>
    Connected,

    /// <summary>The application has closed; what it wrote is still being delivered.</summary>
    Lingering,

    /// <summary>Over; <see cref="CloseReason"/> tells why. What arrived in order can still be read.</summary>
    Closed,
}
