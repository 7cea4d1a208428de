using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Sending;

/// <summary>The least of what was measured within a window of time that moves on by halves, so it covers between one half and the whole.</summary>
/// <param name="window">The window.</param>
internal sealed class WindowedMin(TimeSpan window)
{
    private Instant _halfSince = Instant.Never;
    private long _current = long.MaxValue;
    private long _previous = long.MaxValue;

    /// <summary>The least value; <see cref="long.MaxValue"/> while there is none.</summary>
    public long Value => Math.Min(_current, _previous);

    /// <summary>Takes a measurement.</summary>
    public void Add(Instant now, long value)
    {
        if (_halfSince == Instant.Never) _halfSince = now;
        if (now - _halfSince >= window / 2)
        {
            _previous = now - _halfSince >= window ? long.MaxValue : _current;
            _current = long.MaxValue;
            _halfSince = now;
        }

        _current = Math.Min(_current, value);
    }
}

/// <summary>The greatest of what was measured within a window of time.</summary>
/// <param name="window">The window.</param>
internal sealed class WindowedMax(TimeSpan window)
{
    private readonly WindowedMin _negated = new(window);

    /// <summary>The greatest value; <see cref="long.MinValue"/> + 1 while there is none.</summary>
    public long Value => -_negated.Value;

    /// <summary>Takes a measurement.</summary>
    public void Add(Instant now, long value) => _negated.Add(now, -value);
}
