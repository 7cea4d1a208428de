using P2PCopy.Datagrams;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// The sending half of a connection, of one of two kinds: one lives on UDT's acknowledgements and loss reports, the other on reports
/// of deliveries. Packets are counted in 64 bits from 0; the wire number is the initial one plus the count.
/// </summary>
internal interface ISender
{
    SendBuffer Buffer { get; }

    /// <summary>The first packet that has never been sent.</summary>
    long NextNew { get; }

    long PacketsSent { get; }

    long PacketsResent { get; }

    /// <summary>New packets the peer has room for.</summary>
    long FlowWindow { get; }

    /// <summary>Packets under way, as far as is known.</summary>
    long InFlight { get; }

    /// <summary>Whether everything written has been acknowledged.</summary>
    bool IsDrained { get; }

    /// <summary>Whether a shutdown now would take nothing from the peer's application.</summary>
    bool MayShutDown { get; }

    /// <summary>When <see cref="TryTakeNext"/> will have something, or a probe is due.</summary>
    Instant NextTimeout { get; }

    /// <summary>The pace and the window that congestion control asks for.</summary>
    (double IntervalMicroseconds, int Window) Pace { get; }

    /// <summary>The wire number of a packet.</summary>
    SequenceNumber NumberOf(long index);

    /// <summary>Chooses the packet that leaves now.</summary>
    bool TryTakeNext(Instant now, out long index);

    /// <summary>What a silent peer is asked, when a probe is due.</summary>
    SendProbeAction TakeProbe(Instant now, out long index);

    /// <summary>Takes an acknowledgement; false when it does not belong here.</summary>
    bool OnAck(in AckPacket ack, Instant now);

    /// <summary>Takes a loss report; false when it does not belong here.</summary>
    bool OnNak(in NakPacket nak, Instant now);

    /// <summary>Takes a report of deliveries; false when it does not belong here.</summary>
    /// <param name="report">The report.</param>
    /// <param name="timestamp">The time stamp that a data packet would bear now.</param>
    /// <param name="now">The time.</param>
    bool OnReport(in DeliveryReportPacket report, uint timestamp, Instant now);

    /// <summary>Nothing was heard for an expiration interval.</summary>
    void OnExpiration(Instant now);

    /// <summary>The peer asks to slow down.</summary>
    void OnCongestionWarning(Instant now);
}
