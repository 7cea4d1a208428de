using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.Tree.Sending;

/// <summary>What the receiver wants of the next entries, as runs. Equal neighbours are one.</summary>
internal sealed class PlanQueue(int entries)
{
    /// <summary>Wanted files and what lies between them.</summary>
    private const int MostRuns = (2 * TreeLimits.WantedEntries) + 2;

    private readonly LinkedList<PlanRun> _runs = new();
    private int _planned;

    /// <summary>Entries that have been planned.</summary>
    public int Planned => _planned;

    /// <summary>Takes a run; false when it is about entries that do not exist, or too far ahead.</summary>
    public bool TryAdd(PlanRun run)
    {
        if (run.Count > entries - _planned) return false;
        _planned += run.Count;
        if (_runs.Last is { } last && last.Value.Kind == run.Kind && run.Kind != PlanKind.Have) last.Value = run with { Count = last.Value.Count + run.Count };
        else _runs.AddLast(run);
        return _runs.Count <= MostRuns;
    }

    /// <summary>Takes the plan of the next entry, if there is one.</summary>
    public bool TryTake(out PlanKind kind)
    {
        kind = default;
        if (_runs.First is not { } first) return false;
        kind = first.Value.Kind;
        if (first.Value.Count > 1) first.Value = first.Value with { Count = first.Value.Count - 1 };
        else _runs.RemoveFirst();
        return true;
    }

    public bool IsEmpty => _runs.Count == 0;
}
