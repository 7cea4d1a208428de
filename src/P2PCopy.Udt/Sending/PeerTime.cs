using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// The receiver's clock as its reports show it, and with it the time of packets in queues: how much longer one took than the fastest.
/// The two clocks need not agree; that one of them runs faster is forgotten with old measurements.
/// </summary>
internal sealed class PeerTime
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);
    private readonly WindowedMin _least = new(Memory);
    private uint _first;
    private uint _firstWay;
    private long _since;
    private bool _started;

    /// <summary>When the last packet of the report arrived, by a clock that starts at some time and never goes back to 0.</summary>
    public Instant Arrival(uint microseconds)
    {
        if (!_started) _first = microseconds;
        var since = _since + (int)(microseconds - _first - (uint)_since);
        _since = Math.Max(_since, since);
        return new Instant(Math.Max(since, 0) + 1);
    }

    /// <summary>The time in queues of a packet that left and arrived at these times by the two clocks.</summary>
    public TimeSpan QueueDelay(uint sent, uint arrived, Instant now)
    {
        if (!_started) _firstWay = arrived - sent;
        _started = true;
        var way = (int)(arrived - sent - _firstWay);
        _least.Add(now, way);
        return TimeSpan.FromMicroseconds(way - _least.Value);
    }
}
