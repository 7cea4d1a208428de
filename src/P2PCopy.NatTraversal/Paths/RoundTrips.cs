namespace P2PCopy.NatTraversal.Paths;

/// <summary>The last round trips of a path.</summary>
internal sealed class RoundTrips
{
    private const int Kept = 8;

    private readonly TimeSpan[] _samples = new TimeSpan[Kept];
    private int _count;

    /// <summary>The smoothed round trip (RFC 6298 §2), to show.</summary>
    public TimeSpan? Smoothed { get; private set; }

    /// <summary>
    /// The shortest of the last few, to compare paths by: the path in use is measured through the queue that its own data fills, the
    /// others are not.
    /// </summary>
    public TimeSpan? Shortest
    {
        get
        {
            if (_count == 0) return null;
            var shortest = TimeSpan.MaxValue;
            for (var i = 0; i < Math.Min(_count, Kept); i++)
                if (_samples[i] < shortest) shortest = _samples[i];
            return shortest;
        }
    }

    /// <summary>Adds a measurement.</summary>
    public void Add(TimeSpan sample)
    {
        _samples[_count++ % Kept] = sample;
        Smoothed = Smoothed is { } smoothed ? ((7 * smoothed) + sample) / 8 : sample;
        if (_count == 2 * Kept) _count = Kept;
    }

    /// <summary>Forgets all: the network is not the one that was measured.</summary>
    public void Clear() => (_count, Smoothed) = (0, null);
}
