namespace P2PCopy.NatTraversal.Time;

/// <summary>A common moment at which two peers start, without having talked to each other.</summary>
/// <param name="Time">The moment, in internet time.</param>
/// <param name="WholeSeconds">How many seconds ahead it is, counted as on a clock without fractions; at least 1.</param>
public readonly record struct StartSlot(DateTimeOffset Time, int WholeSeconds);

/// <summary>
/// The slots of the original p2pcopy: both sides start at the next :00, :10, :20, … second of internet time. The original waits the
/// whole number of seconds and so starts up to a second late; here the wait ends on the slot.
/// </summary>
public static class StartSchedule
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>The next slot of ten seconds, strictly later; 1–10 whole seconds ahead.</summary>
    public static StartSlot Next(DateTimeOffset internetTime) => Next(internetTime, Period);

    /// <summary>The next slot of another period, strictly later.</summary>
    /// <param name="internetTime">Now, in internet time.</param>
    /// <param name="period">A whole number of seconds; slots are its multiples in Unix time.</param>
    public static StartSlot Next(DateTimeOffset internetTime, TimeSpan period)
    {
        var seconds = (long)period.TotalSeconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, 1, nameof(period));
        // PROTOCOL RDV-2.
        var second = internetTime.ToUnixTimeSeconds();
        var ahead = seconds - (((second % seconds) + seconds) % seconds);
        return new StartSlot(DateTimeOffset.FromUnixTimeSeconds(second + ahead), (int)ahead);
    }
}
