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

    /// <summary>Begins in the middle of a plan that began before; what this address was probed by until now may have left out its last steps.</summary>
    public void BeginLate(ProbePlan plan, Instant start, Instant now)
    {
        Begin(plan, start);
        if (Next < now) LeaveOut(first: 0, now);
    }

    /// <summary>A probe was sent, for whatever reason. Steps that are over are left out: a program that slept owes nothing.</summary>
    public void Advance(Instant now) => LeaveOut(_index + 1, now);

    // An opener is not left out for being late: nothing else opens the way before the next one. Of several the last goes furthest.
    private void LeaveOut(int first, Instant now)
    {
        while (_start + _plan[_index].After <= now) _index++;
        if (_index > first && _plan[_index - 1].TimeToLive > 0) _index--;
        Next = _start + _plan[_index].After;
    }
}
