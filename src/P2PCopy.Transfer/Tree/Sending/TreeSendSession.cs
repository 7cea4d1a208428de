using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.Tree.Sending;

/// <summary>
/// The sender of a tree as a machine. It wants the entries of the list one by one (<see cref="Wish"/>), says what to read
/// (<see cref="TryAsk"/>) and what to send (<see cref="TryTake"/>), and is given the peer's bytes (<see cref="Push"/>). Its memory is
/// fixed by its slots and by the limits of the protocol, whatever the list holds or the peer says.
/// </summary>
/// <remarks>
/// Reading runs ahead of sending, over several files; what is sent keeps the order of the manifest. Nothing waits for a round trip
/// but the acceptance: plans of the receiver come ahead, and its windows are wide.
/// </remarks>
internal sealed partial class TreeSendSession : ITreeSession
{
    private readonly TreeSummary _summary;
    private readonly TreeFeatures _features;
    private readonly SessionVoice _voice;
    private readonly MessageAssembler _in = new();
    private readonly PlanQueue _plans;
    private readonly HaveStore _have = new();
    private TreeFeatures _agreed;
    private bool _greeted;
    private bool _accepted;
    private bool _flows;
    private long _windowBytes = TreeLimits.EarlyBytes;
    private long _windowEntries = TreeLimits.EarlyEntries;
    private long _taken;
    private readonly List<(int Index, EntryReason Reason)> _notes = [];
    private int _heardNotes;

    public TreeSendSession(TreeSummary summary, TreeFeatures features = TreeFeatures.None)
    {
        _summary = summary;
        _features = features | TreeFeatures.WantsAll;
        _voice = new SessionVoice(TreeVersion.Hello(sends: true, _features));
        _plans = new PlanQueue(summary.Entries);
        if (summary.Entries is 0 or > TreeLimits.Entries) _voice.End(TreeEndings.SourceListChanged);
    }

    /// <summary>Why and how it is over, or null while something is left to do.</summary>
    public Ending? Ending => _voice.Ending;

    /// <summary>Whether it ends as soon as the peer has been told why.</summary>
    public bool IsGivingUp => !_voice.IsOpen && _voice.Ending is null;

    /// <summary>Bytes of content that the receiver has verified and written.</summary>
    public long SettledBytes { get; private set; }

    /// <summary>Entries with content that the receiver has brought to their end.</summary>
    public int EndedEntries { get; private set; }

    /// <summary>Entries that could not be sent whole.</summary>
    public int FailedEntries { get; private set; }

    /// <summary>Bytes of entries that the receiver does not want: it has them, or its rules keep them out.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Bytes of content that travelled, or are about to.</summary>
    public long ChunkBytes => _chunkBytes;

    /// <summary>Entries that the receiver left out by its rules; known at the end.</summary>
    public int LeftOutEntries { get; private set; }

    /// <summary>The entries that were not copied, and why: the first of those that the receiver told, and of those that could not be read here.</summary>
    public IReadOnlyList<(int Index, EntryReason Reason)> Notes => _notes;

    /// <summary>Bytes of content that travelled and arrived.</summary>
    public long TravelledBytes => _taken;

    /// <summary>The file that is being sent, and how far it is at the receiver: what is under way does not count.</summary>
    public RunningEntry? Running => _items.TryPeek(out var item)
        ? new RunningEntry(item.File.Index, item.File.Name, Math.Max(0, item.File.Sent - (_chunkBytes - _taken)), item.File.Size)
        : null;

    /// <summary>Whether one of the sides wants SHA-256 of each whole file, which <see cref="Closed"/> must then give.</summary>
    public bool Digests => _agreed.HasFlag(TreeFeatures.Digests);

    /// <summary>Whether the peer has something to do, so that its silence means something; a user may think as long as it takes.</summary>
    public bool AwaitsPeer => _voice.IsOpen && (!_greeted || (_flows && (_endTaken || _items.Count == 0 || _windowIsFull)));

    /// <summary>Whether the receiver has accepted.</summary>
    public bool IsAccepted => _accepted;

    /// <summary>Whether the manifest is out and contents are wanted: the receiver has accepted, or said before that it will.</summary>
    public bool Flows => _flows;

    /// <summary>Takes the peer's bytes, all of them unless the session ends.</summary>
    public void Push(ReadOnlySpan<byte> bytes)
    {
        while (_voice.IsOpen && (!bytes.IsEmpty || _in.HasMessage))
        {
            bytes = bytes[_in.Push(bytes)..];
            if (_in.Fault is { } fault) Misbehaved(fault);
            if (_in.HasMessage) Hear();
            else if (bytes.IsEmpty) return;
        }
    }

    /// <summary>The peer closed the connection in good order.</summary>
    public void PeerClosed() => _voice.End(TreeEndings.Closed(bySender: false));

    /// <summary>This side gives up: the peer is told before the session ends.</summary>
    public void Fail(Ending ending) => _voice.Fail(ending);

    /// <summary>Something ends the session without a word to the peer.</summary>
    public void End(Ending ending) => _voice.End(ending);

    private void Misbehaved(string why) => _voice.Fail(TreeEndings.Misbehaved(why));

    private void Hear()
    {
        var type = _in.Type;
        // PROTOCOL TREE-4.
        var inPlace = type switch
        {
            MessageType.Hello => !_greeted,
            MessageType.Accept => _greeted && !_accepted && _manifestTaken,
            MessageType.Plan => _accepted && _have.Open is null,
            MessageType.Have => _accepted && _have.Open is not null,
            MessageType.Written or MessageType.Drop => _accepted,
            MessageType.Note => _accepted && _agreed.HasFlag(TreeFeatures.Notes),
            MessageType.Done => _endTaken,
            MessageType.Abort => true,
            _ => false,
        };
        var readable = inPlace && type switch
        {
            MessageType.Hello => HearHello(),
            MessageType.Accept => HearAccept(),
            MessageType.Plan => HearPlans(),
            MessageType.Have => HearHave(),
            MessageType.Written => HearWritten(),
            MessageType.Drop => HearDrop(),
            MessageType.Note => HearNote(),
            MessageType.Done => HearDone(),
            _ => HearAbort(),
        };
        if (!inPlace) _voice.Fail(TreeEndings.OutOfPlace(type));
        else if (!readable) _voice.Fail(TreeEndings.Malformed(type));
        _in.Next();
    }

    private bool HearHello()
    {
        if (!HelloMessage.TryRead(_in.Body, out var hello)) return false;
        _greeted = true;
        _agreed = TreeVersion.Agree(_features, hello.Features);
        if (TreeVersion.Judge(hello, weSend: true) is { } misfit) _voice.Fail(misfit);
        else if (_manifestTaken) FlowUnasked();
        return true;
    }

    private bool HearAccept()
    {
        if (!AcceptMessage.TryRead(_in.Body, out var accept)) return false;
        // PROTOCOL TREE-9.
        (_accepted, _windowBytes, _windowEntries) = (true, accept.WindowBytes, accept.WindowEntries);
        if (!_flows) Flow();
        return true;
    }

    private void FlowUnasked()
    {
        // PROTOCOL TREE-21.
        if (!_agreed.HasFlag(TreeFeatures.WantsAll)) return;
        _plans.TryAdd(new PlanRun(PlanKind.Fresh, _summary.Entries));
        Flow();
    }

    private void Flow()
    {
        _flows = true;
        _listed = 0;
    }

    private bool HearPlans()
    {
        var body = _in.Body;
        if (body.IsEmpty || body.Length % PlanRun.Bytes != 0) return false;
        for (; !body.IsEmpty; body = body[PlanRun.Bytes..])
        {
            if (!PlanRun.TryRead(body, out var run)) return false;
            var first = _plans.Planned;
            // PROTOCOL TREE-10.
            if (!_plans.TryAdd(run) || _have.Open is not null)
            {
                Misbehaved("It planned more entries than there are, or than it may.");
                return true;
            }

            if (run.Kind == PlanKind.Have) _have.Expect(first);
        }

        return true;
    }

    private bool HearHave()
    {
        if (!HaveMessage.TryRead(_in.Body, out var have)) return false;
        if (!_have.TryAdd(have)) Misbehaved("It told hashes of blocks that nobody waits for, or too many.");
        return true;
    }

    private bool HearWritten()
    {
        if (!WrittenMessage.TryRead(_in.Body, out var written)) return false;
        // PROTOCOL TREE-16.
        if (written.Taken < (ulong)_taken || written.Taken > (ulong)_chunkBytes || written.Settled < (ulong)SettledBytes
            || written.Settled > (ulong)_covered || written.Entries < EndedEntries || written.Entries > _ended)
        {
            Misbehaved("It reported more than it was sent, or less than before.");
            return true;
        }

        (_taken, SettledBytes, EndedEntries) = ((long)written.Taken, (long)written.Settled, (int)written.Entries);
        return true;
    }

    private bool HearDrop()
    {
        if (!DropMessage.TryRead(_in.Body, out var drop)) return false;
        // PROTOCOL TREE-17. It may cross the end of the file on its way.
        if (drop.Entry >= _listed) Misbehaved("It dropped a file that had not begun.");
        if (_file?.Index == drop.Entry) _file.Fail(EntryStatus.Dropped);
        foreach (var item in _items)
        {
            if (item.File.Index == drop.Entry) item.File.Fail(EntryStatus.Dropped);
        }

        return true;
    }

    private bool HearNote()
    {
        if (!NoteMessage.TryRead(_in.Body, out var note)) return false;
        // PROTOCOL TREE-20.
        if (note.Entry >= (uint)_summary.Entries || ++_heardNotes > EntryNote.Most) Misbehaved("It told reasons for entries that there are not, or too many.");
        else AddNote((int)note.Entry, note.Reason);
        return true;
    }

    private void AddNote(int index, EntryReason reason)
    {
        if (_notes.Count < 2 * EntryNote.Most) _notes.Add((index, reason));
    }

    private bool HearDone()
    {
        if (!DoneMessage.TryRead(_in.Body, out var done)) return false;
        // PROTOCOL TREE-18, TREE-21.
        var isExact = _agreed.HasFlag(TreeFeatures.WantsAll) ? done.Entries <= _ended : done.Entries == _ended;
        if (!isExact || EndedEntries != _ended || done.Failed > _summary.Entries || done.LeftOut > _summary.Entries) Misbehaved("It finished something else than it was sent.");
        else
        {
            EndedEntries = (int)done.Entries;
            LeftOutEntries = (int)done.LeftOut;
            FailedEntries = (int)Math.Max(done.Failed, (uint)FailedEntries);
            var rule = _notes.Count > 0 ? TreeEndings.NothingTaken(_notes[0].Reason) : null;
            _voice.End(TreeEndings.AtEnd(FailedEntries, LeftOutEntries, _summary.Entries, _firstFault, rule));
        }

        return true;
    }

    private bool HearAbort()
    {
        if (!AbortMessage.TryRead(_in.Body, out var abort)) return false;
        _voice.End(TreeEndings.Aborted(abort));
        return true;
    }
}
