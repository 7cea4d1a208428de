namespace P2PCopy.NatTraversal.Time;

/// <summary>
/// Seconds since the start of an era of 2^32 seconds, as 32.32 fixed point (RFC 5905 §6). The era is not on the wire: era 0 ends in
/// February 2036, and the instant nearest to <see cref="Pivot"/> is meant.
/// </summary>
/// <param name="Bits">The 64 bits on the wire; 0 means unknown.</param>
public readonly record struct NtpTimestamp(ulong Bits)
{
    /// <summary>Times from 68 years before to 68 years after this one are read right.</summary>
    public static readonly DateTimeOffset Pivot = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset EraZero = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The time in UTC, exact to 100 ns.</summary>
    public DateTimeOffset ToUtc()
    {
        // PROTOCOL TIME-5.
        var pivotSeconds = (ulong)(Pivot - EraZero).TotalSeconds;
        var distance = (int)((uint)(Bits >> 32) - (uint)pivotSeconds);
        var ticks = (long)(((Bits & uint.MaxValue) * TimeSpan.TicksPerSecond) >> 32);
        return Pivot.AddTicks((distance * TimeSpan.TicksPerSecond) + ticks);
    }

    /// <summary>The timestamp of a time, in whatever era.</summary>
    public static NtpTimestamp From(DateTimeOffset utc)
    {
        var ticks = (utc - EraZero).Ticks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        if (rest < 0) (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);

        // Rounded up, so that reading it back yields the same tick.
        var fraction = (((ulong)rest << 32) + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        return new(((ulong)(uint)seconds << 32) | fraction);
    }
}
