using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>
/// A router's seconds since it began to remember mappings. When they do not go on as our own clock does, it was started anew and has
/// forgotten ours (RFC 6887 §8.5; the rule of RFC 6886 §3.6 is the same with wider limits).
/// </summary>
internal sealed class RouterEpoch
{
    private const long Slack = 2;
    private const long Drift = 16;

    private (long Router, Instant Own)? _last;

    /// <summary>Takes what an answer said.</summary>
    /// <returns>Whether the router still remembers what it said before.</returns>
    public bool GoesOn(uint seconds, Instant now)
    {
        // PROTOCOL MAP-8.
        var last = _last;
        _last = (seconds, now);
        if (last is not { } before) return true;
        if (seconds + 1 < before.Router) return false;
        var theirs = Math.Max(0, seconds - before.Router);
        var ours = (long)(now - before.Own).TotalSeconds;
        return ours + Slack >= theirs - (theirs / Drift) && theirs + Slack >= ours - (ours / Drift);
    }
}
