using P2PCopy.Datagrams;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree.Receiving;

/// <content>What goes back to the sender: few small messages, never one per file.</content>
internal sealed partial class TreeReceiveSession
{
    /// <summary>Plans wait this long for company, so that a message carries many.</summary>
    private static readonly TimeSpan PlanDelay = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);
    private const int ReportBytes = 1 << 20;
    private const int ReportEntries = 256;
    private const int PlansPerMessage = 512;
    private const int RunsPerMessage = 1024;

    private bool _acceptSent;
    private Instant? _plansSince;
    private Instant? _lastReport;
    private long _reportedTaken;
    private long _reportedSettled;
    private int _reportedEntries;
    private readonly Queue<NoteMessage> _notes = new();
    private int _noted;
    private bool _doneTaken;

    /// <summary>When <see cref="Take"/> may have something though nothing else has happened.</summary>
    public Instant NextTimeout
    {
        get
        {
            if (Ending is not null) return Instant.Never;
            var plans = _plansSince is { } since && _runs.Count > 0 ? since + PlanDelay : Instant.Never;
            var report = HasNews ? (_lastReport ?? Instant.Zero) + ReportInterval : Instant.Never;
            return Instant.Min(plans, report);
        }
    }

    private bool HasNews => _taken != _reportedTaken || SettledOnWire != _reportedSettled || EndedOnWire != _reportedEntries;

    /// <summary>
    /// Writes the next message for the peer and returns its length, or 0; the destination has room for any
    /// (<see cref="TreeLimits.MessageBytes"/> and a header). When it is out comes <see cref="Sent"/>.
    /// </summary>
    public int Take(Span<byte> destination, Instant now)
    {
        var common = _voice.Take(destination);
        if (common > 0 || !_voice.IsOpen) return common;
        if (_prepared && !_acceptSent)
        {
            // PROTOCOL TREE-9.
            _acceptSent = true;
            return MessageHeader.WriteMessage(destination, MessageType.Accept, new AcceptMessage((uint)_options.WindowBytes, (uint)_options.WindowEntries));
        }

        if (_drops.Count > 0)
        {
            var drop = _drops[0];
            _drops.RemoveAt(0);
            return MessageHeader.WriteMessage(destination, MessageType.Drop, new DropMessage((uint)drop));
        }

        if (_notes.TryDequeue(out var note)) return MessageHeader.WriteMessage(destination, MessageType.Note, note);
        if (PlansAreDue(now)) return TakePlans(destination);
        if (_pageReady) return TakePage(destination);
        if (_finished && !_doneTaken && !HasNews) return TakeDone(destination);
        return ReportIsDue(now) ? TakeReport(destination, now) : 0;
    }

    /// <summary>An entry is not taken, for a reason that the sender is told.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="why">Why not.</param>
    /// <param name="isLate">Whether it counted as whole until now.</param>
    public void Note(int index, Ending why, bool isLate)
    {
        if (isLate) CountLate(why);
        // PROTOCOL TREE-20. What is wrong at its own side the sender knows.
        if (!_agreed.HasFlag(TreeFeatures.Notes) || why.Reason > EntryReason.ChangedThere || _noted == EntryNote.Most) return;
        _noted++;
        _notes.Enqueue(new NoteMessage((uint)index, why.Reason));
    }

    /// <summary>What <see cref="Take"/> gave is out.</summary>
    public void Sent() => _voice.Sent();

    private void CountLate(Ending why)
    {
        if (EntryNote.ReasonIsRule(why.Reason))
        {
            LeftOutEntries++;
            FirstLeftOut ??= why;
            return;
        }

        FailedEntries++;
        _firstFault ??= why;
    }

    private bool PlansAreDue(Instant now)
    {
        if (_runs.Count == 0) return false;
        _plansSince ??= now;
        return _hashing is not null || _planned == Offer!.Entries || _unsentPlans >= PlansPerMessage || now - _plansSince.Value >= PlanDelay;
    }

    private int TakePlans(Span<byte> destination)
    {
        var count = Math.Min(_runs.Count, RunsPerMessage);
        var length = MessageHeader.Bytes;
        foreach (var run in _runs[..count]) length += run.Write(destination[length..]);
        new MessageHeader(MessageType.Plan, length - MessageHeader.Bytes).Write(destination);
        _runs.RemoveRange(0, count);
        _unsentPlans = 0;
        _plansSince = null;
        return length;
    }

    private int TakePage(Span<byte> destination)
    {
        var entry = _hashing!.Value;
        _pageReady = false;
        if (_pageIsLast) _hashing = null;
        return MessageHeader.WriteMessage(destination, MessageType.Have, new HaveMessage
        {
            Entry = (uint)entry.Index,
            FirstBlock = (ulong)_page.First,
            Last = _pageIsLast,
            Hashes = _hashes.AsSpan(0, _page.Count * TreeLimits.HashBytes),
        });
    }

    private bool ReportIsDue(Instant now)
    {
        if (!HasNews) return false;
        _lastReport ??= now - ReportInterval;
        // PROTOCOL TREE-16.
        return _finished || _taken - _reportedTaken >= ReportBytes || EndedOnWire - _reportedEntries >= ReportEntries || now - _lastReport.Value >= ReportInterval;
    }

    private int TakeReport(Span<byte> destination, Instant now)
    {
        _lastReport = now;
        (_reportedTaken, _reportedSettled, _reportedEntries) = (_taken, SettledOnWire, EndedOnWire);
        return MessageHeader.WriteMessage(destination, MessageType.Written, new WrittenMessage((ulong)_taken, (ulong)SettledOnWire, (uint)EndedOnWire));
    }

    private int TakeDone(Span<byte> destination)
    {
        _doneTaken = true;
        _voice.EndWhenSent(TreeEndings.AtEnd(FailedEntries, LeftOutEntries, Offer!.Entries, _firstFault, FirstLeftOut));
        return MessageHeader.WriteMessage(destination, MessageType.Done, new DoneMessage((uint)EndedEntries, (uint)FailedEntries, (uint)LeftOutEntries));
    }
}
