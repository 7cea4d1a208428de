using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>Notices that a peer which has something to answer says nothing.</summary>
internal sealed class Silence
{
    // PROTOCOL PATH-13.
    private static readonly TimeSpan ToSuspicion = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToTheEnd = TimeSpan.FromSeconds(120);

    private Instant _patienceFrom;

    /// <summary>When the peer was last heard by the path in use, or its data by any.</summary>
    public Instant HeardAt { get; private set; }

    /// <summary>Whether the peer is being looked for.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>Whether it has been looked for in vain.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>When it becomes suspect, or broken; never while nothing waits for an answer.</summary>
    public Instant NextTimeout { get; private set; }

    /// <summary>A session begins: its peer has just been heard and is asked something at once.</summary>
    public void Begin(Instant now)
    {
        IsSuspect = IsBroken = false;
        HeardAt = now;
        NextTimeout = now + ToSuspicion;
    }

    /// <summary>There is no peer.</summary>
    public void End()
    {
        IsSuspect = IsBroken = false;
        NextTimeout = Instant.Never;
    }

    /// <summary>Something left that has to be answered.</summary>
    public void Asked(Instant now)
    {
        if (NextTimeout == Instant.Never && !IsSuspect) NextTimeout = now + ToSuspicion;
    }

    /// <summary>The peer was heard where it counts.</summary>
    public void Heard(Instant now)
    {
        HeardAt = now;
        if (!IsSuspect) NextTimeout = Instant.Never;
        else if (!IsBroken) NextTimeout = now + ToTheEnd;
    }

    /// <summary>A path works.</summary>
    public void Restore(Instant now)
    {
        IsSuspect = IsBroken = false;
        Heard(now);
    }

    /// <summary>The peer is to be looked for at once.</summary>
    public void Suspect(Instant now)
    {
        if (!IsSuspect) _patienceFrom = HeardAt;
        IsSuspect = true;
        NextTimeout = Instant.Max(_patienceFrom + ToTheEnd, now);
    }

    /// <summary>There is new hope: patience begins anew.</summary>
    public void Hope(Instant now)
    {
        if (!IsSuspect) return;
        IsBroken = false;
        _patienceFrom = now;
        NextTimeout = now + ToTheEnd;
    }

    /// <summary>Whether the time has come to suspect, or to give up.</summary>
    public bool Expired(Instant now)
    {
        if (NextTimeout > now) return false;
        if (IsSuspect)
        {
            IsBroken = true;
            NextTimeout = Instant.Never;
        }
        else Suspect(now);

        return true;
    }
}
