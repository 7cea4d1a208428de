using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// How fast packets arrive while they do (draft-gg-udt-03 §3.4): the median of the last 16 gaps, then the mean of those between an
/// eighth and eight times of it, so that pauses of the application do not count.
/// </summary>
internal sealed class ArrivalSpeed
{
    private const int Remembered = 16;
    private readonly long[] _gaps = new long[Remembered];
    private int _count;
    private Instant _last = Instant.Never;

    /// <summary>A data packet arrived.</summary>
    public void OnPacket(Instant now)
    {
        if (_last != Instant.Never) _gaps[_count++ % Remembered] = (now - _last).Ticks;
        _last = now;
    }

    /// <summary>Packets per second; 0 when not enough gaps are alike.</summary>
    public uint PacketsPerSecond() => _count < Remembered ? 0 : MedianFilter.Rate(_gaps, leastAccepted: (Remembered / 2) + 1);
}
