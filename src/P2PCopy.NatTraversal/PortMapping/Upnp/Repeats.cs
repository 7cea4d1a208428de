using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>When a request that was not answered is sent again: after a second, then at twice the distance each time, five times in all.</summary>
internal sealed class Repeats
{
    private const int Most = 5;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1); // PROTOCOL MAP-14.

    private int _planned;

    /// <summary>When it is to be sent; <see cref="Instant.Never"/> when nothing is.</summary>
    public Instant Next { get; private set; } = Instant.Never;

    /// <summary>Whether one is still to come.</summary>
    public bool IsPlanned => Next != Instant.Never;

    /// <summary>Plans the next, unless there were enough.</summary>
    public bool TryPlan(Instant now)
    {
        if (_planned == Most) return false;
        Next = now + (First * (1 << _planned++));
        return true;
    }

    /// <summary>Whether it is to be sent now; once.</summary>
    public bool IsDue(Instant now)
    {
        if (Next > now) return false;
        Next = Instant.Never;
        return true;
    }

    /// <summary>Begins anew.</summary>
    public void Reset() => (_planned, Next) = (0, Instant.Never);
}
