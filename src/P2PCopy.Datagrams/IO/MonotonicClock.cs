namespace P2PCopy.Datagrams.IO;

/// <summary>The only reader of <see cref="TimeProvider"/>: turns its timestamps into <see cref="Instant"/>s.</summary>
/// <param name="provider">The framework's clock; the system's when <see langword="null"/>.</param>
public sealed class MonotonicClock(TimeProvider? provider = null)
{
    private readonly TimeProvider _provider = provider ?? TimeProvider.System;

    /// <summary>The clock of the process.</summary>
    public static MonotonicClock System { get; } = new();

    /// <summary>Now, on the monotonic clock. All instances on one machine share its start.</summary>
    public Instant Now
    {
        get
        {
            // Seconds and their rest apart: the product of the whole would not fit 64 bits after some days.
            var (seconds, rest) = Math.DivRem(_provider.GetTimestamp(), _provider.TimestampFrequency);
            return new Instant((seconds * 1_000_000) + (rest * 1_000_000 / _provider.TimestampFrequency));
        }
    }

    /// <summary>The wall clock, UTC, as the operating system has it.</summary>
    public DateTimeOffset UtcNow => _provider.GetUtcNow();
}
