using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>
/// Decides how fast a sender may go: a time between packets and a limit of packets in flight. One object serves one connection and
/// is told what happens, in order of time.
/// </summary>
public interface ICongestionControl
{
    /// <summary>Microseconds from one packet to the next; 0 sends as fast as the window lets.</summary>
    double IntervalMicroseconds { get; }

    /// <summary>Packets that may be in flight.</summary>
    int Window { get; }

    /// <summary>The connection is made.</summary>
    /// <param name="maxWindow">The most packets that can ever be in flight: the smaller of the peer's buffer and our own.</param>
    /// <param name="mss">Bytes of a full packet with all headers.</param>
    void Start(int maxWindow, int mss);

    /// <summary>A full acknowledgement arrived.</summary>
    void OnAcknowledged(in AckSample sample);

    /// <summary>The peer reported losses.</summary>
    void OnLoss(in LossSample sample);

    /// <summary>
    /// A peer that reports deliveries (<see cref="UdtOptions.DeliveryReports"/>) reported some; it comes in the place of
    /// <see cref="OnAcknowledged"/> and <see cref="OnLoss"/>.
    /// </summary>
    void OnDelivered(in DeliverySample sample);

    /// <summary>Nothing was heard for an expiration interval although packets are in flight.</summary>
    void OnExpiration(Instant now);

    /// <summary>The peer asks to slow down (control type 4).</summary>
    void OnCongestionWarning(Instant now);
}
