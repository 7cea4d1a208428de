using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Measuring;

/// <summary>
/// How far a flow may be ahead of what has been acknowledged. The memory of a connection holds minutes of a slow line, and all of it
/// would still have to leave when the time of the flow is over.
/// </summary>
internal sealed class FlowPace
{
    /// <summary>What may be ahead from the beginning: the start needs some to find the rate with.</summary>
    public const int LeastBytes = 512 << 10;

    /// <summary>Beside that, as much as was acknowledged in this time.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(50);

    private readonly Queue<(Instant Time, long Acknowledged)> _samples = new();
    private Instant _lastSample;

    /// <summary>How many bytes may be written and not acknowledged now.</summary>
    /// <param name="acknowledged">Bytes that have been acknowledged since the beginning.</param>
    /// <param name="now">The time.</param>
    public long Allows(long acknowledged, Instant now)
    {
        // PROTOCOL MEAS-3.
        if (_samples.Count == 0 || now - _lastSample >= SampleEvery)
        {
            _samples.Enqueue((now, acknowledged));
            _lastSample = now;
        }

        while (_samples.Count > 1 && now - _samples.Peek().Time > Span) _samples.Dequeue();
        return LeastBytes + acknowledged - _samples.Peek().Acknowledged;
    }
}
