namespace P2PCopy.Udt;

/// <summary>A snapshot of what a connection has done.</summary>
public readonly record struct UdtStatistics
{
    /// <summary>Data packets sent, resent ones included.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Data packets sent again.</summary>
    public long PacketsResent { get; init; }

    /// <summary>Bytes that the application wrote.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Bytes that the peer's UDT has acknowledged.</summary>
    public long BytesAcknowledged { get; init; }

    /// <summary>Data packets accepted, each once.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Bytes that arrived in order and can be or were read.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Data packets that had arrived before.</summary>
    public long PacketsDuplicate { get; init; }

    /// <summary>Packets found missing by a jump in the numbers.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Packets refused because they carried a send buffer's old contents (a fault of the original program's UDT).</summary>
    public long PacketsStale { get; init; }

    /// <summary>Packets that were malformed, out of the window or contradicted the connection, and were dropped.</summary>
    public long PacketsInvalid { get; init; }

    /// <summary>Loss reports sent.</summary>
    public long NaksSent { get; init; }

    /// <summary>Loss reports received.</summary>
    public long NaksReceived { get; init; }

    /// <summary>Acknowledgements sent, light ones included.</summary>
    public long AcksSent { get; init; }

    /// <summary>Acknowledgements received, light ones included.</summary>
    public long AcksReceived { get; init; }

    /// <summary>Times the expiration timer resent everything.</summary>
    public long Expirations { get; init; }

    /// <summary>The smoothed round trip.</summary>
    public TimeSpan RoundTripTime { get; init; }

    /// <summary>Packets sent and not yet acknowledged.</summary>
    public long PacketsInFlight { get; init; }

    /// <summary>Packets the peer has room for.</summary>
    public long FlowWindow { get; init; }

    /// <summary>Packets that congestion control allows in flight.</summary>
    public long CongestionWindow { get; init; }

    /// <summary>The time between two packets that congestion control asks for.</summary>
    public TimeSpan SendInterval { get; init; }
}
