using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// What the narrowest link can carry (draft-gg-udt-03 §3.4): senders let each sixteenth packet be followed at once, and the
/// gap between the two at their arrival is the time that link needs for one. Median filter over the last 64 pairs.
/// </summary>
internal sealed class LinkCapacity
{
    private const int Remembered = 64;
    private const int PairEvery = 16;
    private const long None = -2;
    private static readonly int[] Single = [.. Enumerable.Repeat(1, Remembered)];

    private readonly long[] _gaps = new long[Remembered];
    private int _count;
    private long _firstOfPair = None;
    private Instant _firstAt;

    public LinkCapacity() => Array.Fill(_gaps, TimeSpan.TicksPerMillisecond);

    /// <summary>A new data packet arrived.</summary>
    /// <param name="index">Its count in the connection, to recognise the successor.</param>
    /// <param name="sequence">Its wire number; pairs start where it is divisible by 16.</param>
    /// <param name="now">When.</param>
    public void OnPacket(long index, SequenceNumber sequence, Instant now)
    {
        // Two in one train came closer than a clock can tell.
        if (index == _firstOfPair + 1) _gaps[_count++ % Remembered] = Math.Max((now - _firstAt).Ticks, TimeSpan.TicksPerMicrosecond);
        _firstOfPair = sequence.Value % PairEvery == 0 ? index : None;
        _firstAt = now;
    }

    /// <summary>Packets per second.</summary>
    public uint PacketsPerSecond() => MedianFilter.Rate(_gaps, Single, leastAccepted: 1);
}
