namespace P2PCopy.NatTraversal.Stun;

/// <summary>
/// When the copies of a request leave and when it counts as unanswered. RFC 8489's schedule (500 ms doubling, 39.5 s) is meant for
/// one server that must answer; here several are asked at once, so a short one is both quicker and kinder: at most three packets.
/// </summary>
/// <param name="SendTimes">After the start of the transaction, ascending; the first may be later than zero.</param>
/// <param name="GivesUpAfter">After the start of the transaction.</param>
internal sealed record StunSchedule(TimeSpan[] SendTimes, TimeSpan GivesUpAfter)
{
    /// <summary>The first servers of a run.</summary>
    public static readonly StunSchedule First = new([Ms(0), Ms(200), Ms(500)], Ms(3000)); // PROTOCOL STUN-6.

    /// <summary>The servers asked when the first ones are silent.</summary>
    public static readonly StunSchedule Fallback = new([Ms(0), Ms(500), Ms(1000)], Ms(2000));

    /// <summary>Keeping a mapping open: the request alone does it, one copy is for its loss.</summary>
    public static readonly StunSchedule KeepAlive = new([Ms(0), Ms(1000)], Ms(3000));

    /// <summary>
    /// As this one, and when that was in vain on at RFC 8489's pace (§6.2.1: the distance doubles, the seventh copy leaves after 31.5 s,
    /// and all is over after 39.5 s), for an answer that is worth having whenever it comes.
    /// </summary>
    public StunSchedule Patient => new([.. SendTimes, Ms(3500), Ms(7500), Ms(15500), Ms(31500)], Ms(39500)); // PROTOCOL STUN-10.

    /// <summary>A request whose silence is meaningful: one copy half-way, and no longer wait than given.</summary>
    public static StunSchedule Verdict(TimeSpan patience) => new([TimeSpan.Zero, patience / 2], patience);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
