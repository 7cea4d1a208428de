namespace P2PCopy.Datagrams;

/// <summary>
/// A point on a monotonic clock, in whole microseconds since an arbitrary start. Machines are told the time as an
/// <see cref="Instant"/>; nothing in a machine reads a clock.
/// </summary>
/// <param name="Microseconds">Microseconds since the clock's arbitrary start.</param>
public readonly record struct Instant(long Microseconds) : IComparable<Instant>
{
    /// <summary>Later than every other instant: the deadline of a machine that waits for nothing.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>The start of the clock.</summary>
    public static readonly Instant Zero = new(0);

    /// <summary>The instant <paramref name="span"/> later; <see cref="Never"/> stays <see cref="Never"/>.</summary>
    public static Instant operator +(Instant instant, TimeSpan span) =>
        instant == Never ? Never : new(instant.Microseconds + (span.Ticks / TimeSpan.TicksPerMicrosecond));

    /// <summary>The instant <paramref name="span"/> earlier; <see cref="Never"/> stays <see cref="Never"/>.</summary>
    public static Instant operator -(Instant instant, TimeSpan span) => instant + -span;

    /// <summary>The time from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static TimeSpan operator -(Instant left, Instant right) =>
        TimeSpan.FromTicks((left.Microseconds - right.Microseconds) * TimeSpan.TicksPerMicrosecond);

    /// <summary>Whether <paramref name="left"/> is before <paramref name="right"/>.</summary>
    public static bool operator <(Instant left, Instant right) => left.Microseconds < right.Microseconds;

    /// <summary>Whether <paramref name="left"/> is after <paramref name="right"/>.</summary>
    public static bool operator >(Instant left, Instant right) => left.Microseconds > right.Microseconds;

    /// <summary>Whether <paramref name="left"/> is not after <paramref name="right"/>.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Microseconds <= right.Microseconds;

    /// <summary>Whether <paramref name="left"/> is not before <paramref name="right"/>.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Microseconds >= right.Microseconds;

    /// <summary>The earlier of the two.</summary>
    public static Instant Min(Instant left, Instant right) => left < right ? left : right;

    /// <summary>The later of the two.</summary>
    public static Instant Max(Instant left, Instant right) => left > right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Microseconds.CompareTo(other.Microseconds);

    /// <summary>Seconds with six digits, or <c>never</c>.</summary>
    public override string ToString() => this == Never ? "never" : $"{Microseconds / 1_000_000}.{Microseconds % 1_000_000:d6}s";
}
