namespace P2PCopy.Udt.Receiving;

/// <summary>A rate from gaps: the mean of those that lie within a factor of eight of their median.</summary>
internal static class MedianFilter
{
    private const int Spread = 8;

    /// <summary>Packets per second, or 0 when fewer than <paramref name="leastAccepted"/> gaps are near the median.</summary>
    /// <param name="gaps">Gaps in ticks of 100 ns; at most 64.</param>
    /// <param name="packets">How many packets share each gap.</param>
    /// <param name="leastAccepted">How many must be alike.</param>
    public static uint Rate(ReadOnlySpan<long> gaps, ReadOnlySpan<int> packets, int leastAccepted)
    {
        Span<long> each = stackalloc long[gaps.Length];
        for (var i = 0; i < gaps.Length; i++) each[i] = gaps[i] / packets[i];
        Span<long> sorted = stackalloc long[gaps.Length];
        each.CopyTo(sorted);
        sorted.Sort();
        var median = sorted[sorted.Length / 2];
        var (time, count, accepted) = (0L, 0L, 0);
        for (var i = 0; i < gaps.Length; i++)
        {
            if (each[i] <= median / Spread || each[i] >= median * Spread) continue;
            time += gaps[i];
            count += packets[i];
            accepted++;
        }

        if (accepted < leastAccepted || time == 0) return 0;
        return (uint)Math.Min(Math.Ceiling(count * (double)TimeSpan.TicksPerSecond / time), uint.MaxValue);
    }
}
