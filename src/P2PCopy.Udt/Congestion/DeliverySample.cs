using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>
/// What one report of deliveries tells congestion control (draft-cheng-iccrg-delivery-rate-estimation-02). Packets are counted since
/// the connection began; the "sampled packet" is the one sent last among those the report newly confirms.
/// </summary>
public readonly record struct DeliverySample
{
    /// <summary>When the report arrived.</summary>
    public Instant Now { get; init; }

    /// <summary>When the packet that arrived last did so, by a clock of the peer's that only differences can be taken of.</summary>
    public Instant Arrival { get; init; }

    /// <summary>Packets delivered so far.</summary>
    public long Delivered { get; init; }

    /// <summary>Packets that this report newly confirms; 0 when it brings nothing.</summary>
    public int NewlyDelivered { get; init; }

    /// <summary>Packets found lost since the last report.</summary>
    public int NewlyLost { get; init; }

    /// <summary>Packets under way after this report.</summary>
    public int InFlight { get; init; }

    /// <summary>Packets delivered when the sampled packet was sent.</summary>
    public long PriorDelivered { get; init; }

    /// <summary>When the sampled packet was sent.</summary>
    public Instant SentAt { get; init; }

    /// <summary>Packets under way when the sampled packet was sent, itself included.</summary>
    public int SentInFlight { get; init; }

    /// <summary>Packets found lost between the sampled packet's sending and its delivery.</summary>
    public int LostSince { get; init; }

    /// <summary>Packets under way when the packet that was last found lost was sent, itself included; of several found together, the first one.</summary>
    public int LostInFlight { get; init; }

    /// <summary>Packets per second between the sampled packet's sending and its delivery; 0 when it cannot be told.</summary>
    public double Rate { get; init; }

    /// <summary>Whether the sender had nothing to send meanwhile, so that the path may carry more than <see cref="Rate"/>.</summary>
    public bool IsApplicationLimited { get; init; }

    /// <summary>The round trip of the packet that arrived last, without the time that the report waited; zero when it cannot be told.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>How much longer that packet took one way than the fastest of the last minutes: its time in queues.</summary>
    public TimeSpan QueueDelay { get; init; }
}
