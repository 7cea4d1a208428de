using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Time;

/// <summary>Where the time comes from.</summary>
public enum TimeSource
{
    /// <summary>This computer's clock: no time server was asked, or none answered.</summary>
    LocalClock,

    /// <summary>Time servers on the internet.</summary>
    InternetServers,
}

/// <summary>
/// The time as a line through the monotonic clock: steps of the system clock in between do no harm, and the system clock is never
/// set.
/// </summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="UtcAtZero">The UTC that belongs to <see cref="Instant.Zero"/>.</param>
/// <param name="ErrorBound">How wrong it may be; <see cref="TimeSpan.MaxValue"/> when nobody knows.</param>
/// <param name="ServersAnswered">Servers that took part.</param>
/// <param name="ServersDisagree">Whether their offsets spread over more than a second.</param>
public sealed record InternetTime(
    TimeSource Source, DateTimeOffset UtcAtZero, TimeSpan ErrorBound, int ServersAnswered = 0, bool ServersDisagree = false)
{
    private static readonly TimeSpan WideSpread = TimeSpan.FromSeconds(1);

    /// <summary>The computer's own clock as it is now.</summary>
    /// <param name="now">Now, monotonic.</param>
    /// <param name="utcNow">Now, by the system clock.</param>
    public static InternetTime FromLocalClock(Instant now, DateTimeOffset utcNow) =>
        new(TimeSource.LocalClock, utcNow - (now - Instant.Zero), TimeSpan.MaxValue);

    /// <summary>
    /// One time of several samples: the median of the offsets, so that a minority of liars moves nothing; of two middle ones the
    /// one with the shorter round trip. <see langword="null"/> without samples.
    /// </summary>
    public static InternetTime? FromSamples(IReadOnlyCollection<NtpSample> samples)
    {
        if (samples.Count == 0) return null;
        // PROTOCOL TIME-4.
        var sorted = samples.OrderBy(sample => sample.UtcAtZero).ToArray();
        var (lower, upper) = (sorted[(sorted.Length - 1) / 2], sorted[sorted.Length / 2]);
        var chosen = lower.Delay <= upper.Delay ? lower : upper;
        var spread = sorted[^1].UtcAtZero - sorted[0].UtcAtZero;
        return new(TimeSource.InternetServers, chosen.UtcAtZero, chosen.ErrorBound, sorted.Length, spread > WideSpread);
    }

    /// <summary>The time at an instant.</summary>
    public DateTimeOffset At(Instant instant) => UtcAtZero + (instant - Instant.Zero);

    /// <summary>The instant of a time, to wait for it.</summary>
    public Instant InstantOf(DateTimeOffset utc) => Instant.Zero + (utc - UtcAtZero);
}
