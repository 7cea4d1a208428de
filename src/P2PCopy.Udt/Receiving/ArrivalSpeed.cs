using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// How fast packets arrive while they do (draft-gg-udt-03 §3.4): the median of the last 16 gaps, then the mean of those between an
/// eighth and eight times of it, so that pauses of the application do not count. Packets that the system handed over together, as a
/// train, share the gap behind them.
/// </summary>
internal sealed class ArrivalSpeed
{
    private const int Remembered = 16;
    private readonly long[] _gaps = new long[Remembered];
    private readonly int[] _packets = new int[Remembered];
    private int _count;
    private int _together;
    private Instant _last;

    /// <summary>A data packet arrived.</summary>
    public void OnPacket(Instant now)
    {
        if (_together > 0 && now > _last)
        {
            var next = _count++ % Remembered;
            (_gaps[next], _packets[next]) = ((now - _last).Ticks, _together);
            _together = 0;
        }

        _last = now;
        _together++;
    }

    /// <summary>Packets per second; 0 when not enough gaps are alike.</summary>
    public uint PacketsPerSecond() => _count < Remembered ? 0 : MedianFilter.Rate(_gaps, _packets, leastAccepted: (Remembered / 2) + 1);
}
