using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Sending;

/// <summary>
/// Packets per second that acknowledgements confirmed over the last round trip (at least two periods of acknowledgement): what the
/// path has really carried.
/// </summary>
internal sealed class DeliveryRate
{
    private const int Remembered = 64;
    private readonly (Instant At, long Acknowledged)[] _samples = new (Instant, long)[Remembered];
    private int _count;

    /// <summary>Packets per second; 0 while unknown.</summary>
    public double PacketsPerSecond { get; private set; }

    /// <summary>Takes one acknowledgement.</summary>
    public void Add(Instant now, long acknowledged, TimeSpan roundTrip)
    {
        var span = roundTrip > 2 * UdtTimes.Syn ? roundTrip : 2 * UdtTimes.Syn;
        _samples[_count++ % Remembered] = (now, acknowledged);
        var oldest = Math.Max(0, _count - Remembered);
        for (var i = _count - 2; i >= oldest; i--)
        {
            var (at, then) = _samples[i % Remembered];
            if (now - at < span && i > oldest) continue;
            var seconds = (now - at).TotalSeconds;
            if (seconds > 0) PacketsPerSecond = (acknowledged - then) / seconds;
            return;
        }
    }
}
