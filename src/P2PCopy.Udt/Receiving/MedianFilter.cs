namespace P2PCopy.Udt.Receiving;

/// <summary>A rate from gaps: the mean of those that lie within a factor of eight of their median.</summary>
internal static class MedianFilter
{
    private const int Spread = 8;

    /// <summary>Gaps per second, or 0 when fewer than <paramref name="leastAccepted"/> are near the median.</summary>
    /// <param name="gaps">Gaps in ticks of 100 ns; at most 64.</param>
    /// <param name="leastAccepted">How many must be alike.</param>
    public static uint Rate(ReadOnlySpan<long> gaps, int leastAccepted)
    {
        Span<long> sorted = stackalloc long[gaps.Length];
        gaps.CopyTo(sorted);
        sorted.Sort();
        var median = sorted[sorted.Length / 2];
        long sum = 0;
        var accepted = 0;
        foreach (var gap in gaps)
        {
            if (gap <= median / Spread || gap >= median * Spread) continue;
            sum += gap;
            accepted++;
        }

        if (accepted < leastAccepted || sum == 0) return 0;
        return (uint)Math.Min(Math.Ceiling(accepted * (double)TimeSpan.TicksPerSecond / sum), uint.MaxValue);
    }
}
