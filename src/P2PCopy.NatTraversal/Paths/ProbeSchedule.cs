using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>How far one address has come in its plan.</summary>
internal struct ProbeSchedule
{
    private ProbePlan _plan;
    private Instant _start;
    private int _index;

    /// <summary>When the next probe is due.</summary>
    public Instant Next { get; private set; }

    /// <summary>The hop limit of the next probe.</summary>
    public readonly byte TimeToLive => _plan[_index].TimeToLive;

    /// <summary>Begins a plan at its first step.</summary>
    public void Begin(ProbePlan plan, Instant now)
    {
        (_plan, _start, _index) = (plan, now, 0);
        Next = now + plan[0].After;
    }

    /// <summary>A probe was sent, for whatever reason. Steps that are over are left out: a program that slept owes nothing.</summary>
    public void Advance(Instant now)
    {
        while (_start + _plan[_index].After <= now) _index++;
        Next = _start + _plan[_index].After;
    }
}
