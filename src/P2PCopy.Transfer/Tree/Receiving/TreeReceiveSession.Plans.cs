using System.Diagnostics;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree.Receiving;

/// <content>What is asked of user and target: to take it at all, and for each entry in order what is there already.</content>
internal sealed partial class TreeReceiveSession
{
    /// <summary>
    /// A question waits behind the steps that the disk was given before. More entries than those steps end must be planned by it, else
    /// plans fall behind contents and the sender runs dry again and again.
    /// </summary>
    private const int EntriesPerQuestion = MostSteps;

    /// <summary>Less than the sender would bear (TREE-10): each one costs memory here, and some tenths of a second of small files are far enough ahead.</summary>
    private const int PlannedAhead = 8192;

    /// <summary>A question about hashes costs the disk no more than 16 MiB of reading, so that writing does not wait long.</summary>
    private const int HashesPerQuestion = 16;

    private readonly List<PlanRun> _runs = [];
    private readonly Queue<ToldRun> _told = new();
    private readonly byte[] _hashes = new byte[HashesPerQuestion * TreeLimits.HashBytes];
    private bool _asked;
    private bool _accepted;
    private bool _prepared;
    private bool _finished;
    private int _planned;
    private int _unsentPlans;
    private WantedEntry? _hashing;
    private long _hashFrom;
    private BlockRun _page;
    private bool _pageReady;
    private bool _pageIsLast;
    private int _openHashes;

    private readonly record struct ToldRun(int Index, long First, int Count);

    /// <summary>The next question to user or target, if it is time for one.</summary>
    public bool TryAsk(out TargetQuestion question)
    {
        question = default;
        if (_asked || !_voice.IsOpen || !ManifestIsWhole) return false;
        if (!_accepted)
        {
            // Every name has been looked at before the user is asked.
            if (_steps > 0) return false;
            question = new TargetQuestion(TargetInquiry.Decide);
        }
        else if (!_prepared) question = new TargetQuestion(TargetInquiry.Prepare);
        else if (_hashing is { } entry)
        {
            // PROTOCOL TREE-11.
            if (_pageReady || _openHashes + HashesPerQuestion > TreeLimits.OpenHashes) return false;
            question = new TargetQuestion(TargetInquiry.Hash, entry.Index, HashesPerQuestion, _hashFrom);
        }
        else if (_planned < Offer!.Entries)
        {
            // PROTOCOL TREE-10.
            var room = PlannedAhead - _wanted.Count;
            if (room <= 0 || _pageReady) return false;
            question = new TargetQuestion(TargetInquiry.Begin, _planned, Math.Min(EntriesPerQuestion, Math.Min(room, Offer.Entries - _planned)));
        }
        else if (_endHeard && _steps == 0 && !_finished) question = new TargetQuestion(TargetInquiry.Finish);
        else return false;
        return _asked = true;
    }

    /// <summary>The user takes it.</summary>
    public void Accept() => (_accepted, _asked) = (true, false);

    /// <summary>The target is ready to write, or is not.</summary>
    public void Prepared(Ending? failure)
    {
        (_prepared, _asked) = (true, false);
        if (failure is not null) Fail(failure);
    }

    /// <summary>What the target has of the next entries.</summary>
    public void Begun(ReadOnlySpan<EntryPlan> plans)
    {
        _asked = false;
        foreach (var plan in plans)
        {
            Debug.Assert(plan.Entry.Index == _planned && _hashing is null, "plans come in order, and hashing comes before the next");
            var entry = plan.Entry;
            var kind = entry.HasContent ? plan.Kind : PlanKind.Fresh;
            if (plan.Fault is { } fault)
            {
                FailedEntries++;
                _firstFault ??= fault.Ending;
                if (fault.EndsSession) Fail(fault.Ending);
            }

            // Who wants all is sent all, whatever has turned up here meanwhile.
            if (kind == PlanKind.Have && (WantsAll || entry.Kind != EntryKind.File || entry.Size == 0)) kind = PlanKind.Fresh;
            Plan(entry.HasContent, kind);
            if (plan.LeftOut is { } rule)
            {
                LeftOutEntries++;
                FirstLeftOut ??= rule;
            }

            if (plan.Kind == PlanKind.Skip && !WantsAll) SkippedBytes += entry.Size;
            if (!entry.HasContent || (kind == PlanKind.Skip && !WantsAll)) continue;
            var wanted = new WantedEntry(entry.Index, entry.Kind, entry.Size, entry.Name) { IsDiscarded = kind == PlanKind.Skip };
            if (wanted.IsDiscarded) _faulted.Add(entry.Index);
            _wanted.Enqueue(wanted);
            if (kind != PlanKind.Have) continue;
            _hashing = wanted;
            _hashFrom = 0;
        }
    }

    /// <summary>The answer about blocks that are there.</summary>
    public void Hashed(BlockRun run, ReadOnlySpan<byte> hashes)
    {
        _asked = false;
        var entry = _hashing!.Value;
        var blocks = TreeLimits.Blocks(entry.Size);
        Debug.Assert(run.Count == 0 || (run.First >= _hashFrom && run.First + run.Count <= blocks), "only blocks of the file are hashed");
        // A file that ended meanwhile needs no more of it.
        if (!IsWanted(entry.Index)) run = default;
        hashes[..(run.Count * TreeLimits.HashBytes)].CopyTo(_hashes);
        _page = run;
        _pageReady = true;
        _hashFrom = run.First + run.Count;
        _pageIsLast = run.Count == 0 || _hashFrom == blocks;
        if (run.Count == 0) return;
        _told.Enqueue(new ToldRun(entry.Index, run.First, run.Count));
        _openHashes += run.Count;
        ForgetPassed();
    }

    /// <summary>The tree is finished, or could not be.</summary>
    public void Finished(Ending? failure)
    {
        (_finished, _asked) = (true, false);
        if (failure is not null) Fail(failure);
    }

    private void Plan(bool hasContent, PlanKind kind)
    {
        _planned++;
        // PROTOCOL TREE-21.
        if (WantsAll) return;
        _unsentPlans++;
        // Nothing travels for folders and links, so they join whatever run there is.
        if (_runs.Count > 0 && _runs[^1] is var last && last.Kind != PlanKind.Have && (last.Kind == kind || !hasContent)) _runs[^1] = last with { Count = last.Count + 1 };
        else _runs.Add(new PlanRun(kind, 1));
    }

    private bool IsWanted(int index) => _wanted.TryPeek(out var first) && first.Index <= index;

    private bool WasTold(int index, long first, ulong count)
    {
        if (count is 0 or > TreeLimits.OpenHashes) return false;
        var (next, end) = (first, first + (long)count);
        foreach (var run in _told)
        {
            if (run.Index != index || run.First > next) return false;
            next = run.First + run.Count;
            if (next >= end) return true;
        }

        return false;
    }

    /// <summary>Hashes of blocks that the sender has passed are open no more.</summary>
    private void ForgetPassed()
    {
        if (!_wanted.TryPeek(out var current)) return;
        while (_told.TryPeek(out var run) && run.Index == current.Index && (run.First + run.Count) * TreeLimits.BlockBytes <= _position) Forget();
        // The last block of a file may be short.
        if (_position == current.Size) ForgetTold(current.Index);
    }

    private void ForgetTold(int index)
    {
        while (_told.TryPeek(out var run) && run.Index <= index) Forget();
    }

    private void Forget() => _openHashes -= _told.Dequeue().Count;
}
