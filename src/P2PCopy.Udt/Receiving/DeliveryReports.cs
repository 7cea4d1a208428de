using P2PCopy.Datagrams;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// When to tell the sender what has arrived, and what: all of it each time, newest first, so that a lost report costs nothing but
/// time. Reports gather packets, since each costs both sides as much as some packets do.
/// </summary>
internal sealed class DeliveryReports
{
    /// <summary>The longest that an arrival stays unreported.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(2);

    private const int SoonAfter = 32;
    private const int MostListBytes = 1400 - DeliveryReportPacket.LeastLength;
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMicroseconds(500);

    private Instant _last = Instant.Zero;
    private Instant _arrival = Instant.Zero;
    private uint _timestamp;

    /// <summary>When a report is due.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>Packets that arrived since the last report.</summary>
    public int Unreported { get; private set; }

    /// <summary>A packet arrived.</summary>
    /// <param name="timestamp">Its time stamp, to be echoed.</param>
    /// <param name="now">When.</param>
    /// <param name="soon">Whether its sender has reason to wait for news: something is missing, or nothing follows.</param>
    public void OnArrival(uint timestamp, Instant now, bool soon)
    {
        (_timestamp, _arrival) = (timestamp, now);

        // PROTOCOL UDT-26.
        if (++Unreported >= SoonAfter || soon) Request(now);
        else if (Due == Instant.Never) Due = now + LongestDelay;
    }

    /// <summary>A report is wanted as soon as the last one is not quite new.</summary>
    public void Request(Instant now) => Due = Instant.Min(Due, Instant.Max(now, _last + LeastInterval));

    /// <summary>Writes the report.</summary>
    /// <param name="buffer">Room for the packet.</param>
    /// <param name="most">The longest packet that may leave, bytes; what has no room is told when it is newer.</param>
    /// <param name="now">The time.</param>
    /// <param name="receiver">What has arrived.</param>
    /// <param name="missing">What has not.</param>
    /// <param name="initial">The wire number of packet 0.</param>
    /// <param name="destination">The peer's socket id.</param>
    public int Write(
        Span<byte> buffer, int most, Instant now, UdtReceiver receiver, LossReports missing, SequenceNumber initial, uint destination)
    {
        (Due, Unreported, _last) = (Instant.Never, 0, now);
        Span<byte> runs = stackalloc byte[Math.Clamp(most - DeliveryReportPacket.LeastLength, 4, MostListBytes) & ~3];
        var length = 0;
        for (var top = receiver.Newest - 1; top >= receiver.NextExpected && length < runs.Length;)
        {
            var first = receiver.NextExpected;
            var last = first - 1;
            if (missing.TryPreviousGap(top, out var gapFirst, out var gapLast)) (first, last) = (gapFirst, gapLast);
            length += DeliveryReportPacket.Append(runs[length..], top - last, last - first + 1);
            top = first - 1;
        }

        return new DeliveryReportPacket
        {
            Destination = destination,
            NextExpected = initial + receiver.NextExpected,
            Highest = initial + (receiver.Newest - 1),
            EchoedTimestamp = _timestamp,
            Arrival = (uint)_arrival.Microseconds,
            DelayMicroseconds = (uint)Math.Min((now - _arrival).TotalMicroseconds, uint.MaxValue),
            FreePackets = (uint)receiver.FreePackets,
            Duplicates = (uint)receiver.PacketsDuplicate,
            Runs = runs[..length],
        }.Write(buffer);
    }
}
