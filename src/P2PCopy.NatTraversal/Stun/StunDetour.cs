namespace P2PCopy.NatTraversal.Stun;

/// <summary>Which way an answer is asked to take instead of the one that the request took back (RFC 5780 §7.2, §7.5).</summary>
/// <param name="From">From where the server answers.</param>
/// <param name="ToPort">To which port of ours; 0 for the one that asked.</param>
internal readonly record struct StunDetour(StunChange From, ushort ToPort = 0)
{
    /// <summary>The way back.</summary>
    public static StunDetour None => default;
}
