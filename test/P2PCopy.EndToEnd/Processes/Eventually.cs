namespace P2PCopy.EndToEnd.Processes;

/// <summary>Waits for what another process does and nobody announces, such as a file that grows; it fails when that takes too long.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static async Task IsTrueAsync(Func<bool> condition, string what, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(Interval);
        for (var deadline = DateTime.UtcNow + limit; !condition(); await timer.WaitForNextTickAsync())
            if (DateTime.UtcNow > deadline) Assert.Fail($"{what}: not within {limit}.");
    }
}
