namespace P2PCopy.Datagrams.IO;

/// <summary>The only reader of <see cref="TimeProvider"/>: turns its timestamps into <see cref="Instant"/>s.</summary>
/// <param name="provider">The framework's clock; the system's when <see langword="null"/>.</param>
public sealed class MonotonicClock(TimeProvider? provider = null)
{
    private readonly TimeProvider _provider = provider ?? TimeProvider.System;

    /// <summary>The clock of the process.</summary>
    public static MonotonicClock System { get; } = new();

    /// <summary>Now, on the monotonic clock. All instances on one machine share its start.</summary>
    public Instant Now => new((long)((Int128)_provider.GetTimestamp() * 1_000_000 / _provider.TimestampFrequency));

    /// <summary>The wall clock, UTC, as the operating system has it.</summary>
    public DateTimeOffset UtcNow => _provider.GetUtcNow();
}
