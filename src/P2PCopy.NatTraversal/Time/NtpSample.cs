using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Time;

/// <summary>What one server's answer says about the time.</summary>
/// <param name="UtcAtZero">The UTC that belongs to <see cref="Instant.Zero"/>: the offset of the monotonic clock.</param>
/// <param name="Delay">Round trip without the server's own share.</param>
/// <param name="RootDistance">How wrong the server itself may be.</param>
public readonly record struct NtpSample(DateTimeOffset UtcAtZero, TimeSpan Delay, TimeSpan RootDistance)
{
    /// <summary>The longest round trip that is still of use.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1.5);

    // Both clocks count in steps; on one machine the server's share may come out a step longer than the whole.
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(0.1);

    /// <summary>How wrong the offset may be: half the round trip, and what the server admits.</summary>
    public TimeSpan ErrorBound => (Delay / 2) + RootDistance;

    /// <summary>
    /// RFC 5905 §8 with the four times of an exchange; ours are monotonic. <see langword="false"/>: the round trip is impossible or
    /// too long.
    /// </summary>
    /// <param name="sent">T1, our clock.</param>
    /// <param name="answer">T2 and T3, the server's clock.</param>
    /// <param name="received">T4, our clock.</param>
    /// <param name="sample">The result.</param>
    public static bool TryMeasure(Instant sent, NtpPacket answer, Instant received, out NtpSample sample)
    {
        sample = default;
        var (t2, t3) = (answer.Receive.ToUtc(), answer.Transmit.ToUtc());
        var delay = (received - sent) - (t3 - t2);
        if (t3 < t2 || delay < -Grain || delay > MaxDelay) return false;
        var (t1, t4) = (sent - Instant.Zero, received - Instant.Zero);
        var atZero = (t2 - t1).AddTicks(((t3 - t4) - (t2 - t1)).Ticks / 2);
        sample = new NtpSample(atZero, delay < TimeSpan.Zero ? TimeSpan.Zero : delay, answer.RootDistance);
        return true;
    }
}
