using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>Something of which only the latest matters, said again until the peer has answered it.</summary>
internal sealed class Announcement
{
    // PROTOCOL PATH-11.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Which one it is; 0 before the first.</summary>
    public uint Generation { get; private set; }

    /// <summary>When it was last said.</summary>
    public Instant? SentAt { get; private set; }

    /// <summary>When it is to be said again.</summary>
    public Instant Next { get; private set; } = Instant.Never;

    /// <summary>There is a new one.</summary>
    public void Begin(Instant now)
    {
        Generation++;
        Next = now;
    }

    /// <summary>It was said.</summary>
    public void Sent(Instant now)
    {
        SentAt = now;
        Next = now + Interval;
    }

    /// <summary>The peer has answered one of them.</summary>
    public void Answered(uint generation)
    {
        if (generation == Generation) Next = Instant.Never;
    }

    /// <summary>Forgets all.</summary>
    public void Reset() => (Generation, SentAt, Next) = (0, null, Instant.Never);
}
