using System.Diagnostics;
using P2PCopy.Datagrams;
using P2PCopy.Transfer.Sending;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// Does what a <see cref="TreeSendSession"/> says: one loop owns the machine; the disk has a thread of its own, and the network reads
/// and writes meanwhile. Small messages leave together, those of middling contents leave from where the disk put them, and long contents
/// are read straight into the memory that the connection sends from.
/// </summary>
internal sealed class TreeSendPump : IDisposable
{
    /// <summary>Messages gather here while the network is busy.</summary>
    private const int GatheredBytes = 256 << 10;

    /// <summary>Content of more bytes is not copied to the gathered messages.</summary>
    private const int CopiedBytes = 32 << 10;

    /// <summary>How long the peer's last word may be under way when the connection takes no more of us.</summary>
    private static readonly TimeSpan LastWordLimit = TimeSpan.FromSeconds(2);

    private readonly CopyConnection _connection;
    private readonly TreeSource _source;
    private readonly CopyWatch _watch;
    private readonly Action<ArrivedFile>? _sent;
    private readonly TreeSendSession _session;
    private readonly SourceDisk _disk;
    private readonly SessionLoop _loop;
    private readonly StepThread<SourceWork, SourceAnswer> _steps;
    private readonly byte[][] _slots = new byte[TreeSendSession.Slots][];
    private readonly Queue<TreeEntry> _listed = new();
    private readonly byte[] _out = new byte[GatheredBytes];
    private List<SourceAnswer> _answers = [];
    private int _gathered;
    private ReadOnlyMemory<byte> _content;
    private Memory<byte> _room;
    private Memory<byte> _straight;
    private bool? _listsContents;
    private bool _listing;
    private bool _listIsOver;
    private Task? _sending;
    private bool _awaitsRoom;
    private Ending? _broken;
    private Instant _brokenAt;
    private byte[]? _digest;

    public TreeSendPump(CopyConnection connection, TreeSource source, SendOptions options, CopyWatch watch, Action<ArrivedFile>? sent)
    {
        _connection = connection;
        _source = source;
        _watch = watch;
        _sent = sent;
        _session = new TreeSendSession(source.Tree.Summary, options.Hash ? TreeFeatures.Digests : TreeFeatures.None);
        _disk = new SourceDisk(source.Tree, sent is null ? null : source.PathOf);
        StepThread<SourceWork, SourceAnswer>? steps = null;
        _loop = new SessionLoop(_session, watch, TreeEndings.Interrupted, turn => steps!.TryHost(turn));
        _steps = steps = new StepThread<SourceWork, SourceAnswer>("p2pcopy disk", _disk.Obey, _loop.Wake);
    }

    public async Task<CopyOutcome> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await _loop.RunAsync(Turn, Look, cancellation).ConfigureAwait(false);
            await LastWord.SayAsync(_sending, _watch.Provider, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await _connection.EndAsync(_broken is null ? LastWord.Patience(_session.Ending) : TimeSpan.Zero, _watch.Provider).ConfigureAwait(false);
            _steps.Close(dropSteps: true);
            await SettleAsync().ConfigureAwait(false);
        }

        return Conclude();
    }

    public void Dispose()
    {
        _steps.Dispose();
        if (!_source.IsStream) _disk.Dispose();
    }

    private void Turn()
    {
        FinishSteps();
        StartSteps();
    }

    private void FinishSteps()
    {
        var answers = _steps.TakeAnswers(_answers);
        foreach (var answer in answers) Take(answer);
        answers.Clear();
        _answers = answers;

        if (_sending is { IsCompleted: true })
        {
            // The peer's last word may still be on its way to us: it says more than a broken pipe.
            _broken = ConnectionFailure.Of(_sending);
            _brokenAt = _watch.Now;
            _sending = null;
            if (!_content.IsEmpty && _broken is null) _session.Sent();
            _content = default;
        }

        Hear();
    }

    private void Hear()
    {
        try
        {
            while (_session.Ending is null && _loop.TryHear(_connection.Lender, out var bytes))
            {
                if (bytes.IsEmpty) _session.PeerClosed();
                else _session.Push(bytes.Span);
                _connection.Lender.ReleaseRead(bytes.Length);
            }
        }
        catch (Exception error) when (ConnectionFailure.Is(error))
        {
            _session.End(_broken ?? ConnectionFailure.Of(error));
        }
    }

    private void StartSteps()
    {
        while (GiveEntry() || AskDisk())
        {
        }

        if (_sending is null && _broken is null) StartSending();
    }

    private void StartSending()
    {
        _awaitsRoom = false;
        if (Gather())
        {
            // What was lent is lent to these messages first.
            _room = default;
            _sending = _loop.Watched(SendAsync(_gathered));
        }
        else if (_session.ReadsStraight)
        {
            if (!_room.IsEmpty || Lend()) ReadStraight();
        }
    }

    /// <summary>Asks for memory that is sent from; false when there is too little yet, or the connection has broken.</summary>
    private bool Lend()
    {
        try
        {
            _awaitsRoom = !_connection.Lender.TryLendWritable(_loop.Wake, out _room);
            return !_awaitsRoom;
        }
        catch (Exception error) when (ConnectionFailure.Is(error))
        {
            // The peer's last word may still be on its way to us here, too.
            (_broken, _brokenAt) = (ConnectionFailure.Of(error), _watch.Now);
            return false;
        }
    }

    private void ReadStraight()
    {
        var head = _session.TakeStraight(_room.Span, out var step);
        _straight = _room[..(head + step.Length)];
        _room = default;
        _steps.Add(new SourceWork(step, _straight[head..], _session.Digests));
    }

    private bool GiveEntry()
    {
        if (_session.Wish == ListWish.None) return false;
        if (_listsContents != _session.Flows && !_listing)
        {
            // The list is gone through twice: for the manifest, and for the contents.
            _listsContents = _session.Flows;
            _listed.Clear();
            return AskForPage(fromFirst: true);
        }

        if (_listed.TryDequeue(out var entry))
        {
            _session.Give(entry);
            return true;
        }

        if (_listIsOver)
        {
            _session.ListEnded();
            return false;
        }

        return !_listing && AskForPage(fromFirst: false);
    }

    private bool AskForPage(bool fromFirst)
    {
        (_listing, _listIsOver) = (true, false);
        _steps.Add(new SourceWork(null, default, Digest: false, FromFirst: fromFirst));
        return false;
    }

    private bool AskDisk()
    {
        if (!_session.TryAsk(out var step)) return false;
        if (step.Action == SourceAction.Read && _session.TryAsk(out var next))
        {
            // Of a small file the only read is the last one: its end costs no step of its own.
            var closes = next.Action == SourceAction.Close;
            AskDisk(step, closes);
            if (!closes) AskDisk(next, closes: false);
            return true;
        }

        AskDisk(step, closes: false);
        return true;
    }

    private void AskDisk(in SourceStep step, bool closes)
    {
        if (step.Slot >= 0 && (_slots[step.Slot] is not { } buffer || buffer.Length < step.Length)) _slots[step.Slot] = GC.AllocateUninitializedArray<byte>(step.Length);
        _steps.Add(new SourceWork(step, step.Slot < 0 ? default : _slots[step.Slot], _session.Digests, closes));
    }

    private void Take(in SourceAnswer answer)
    {
        if (answer.Work.Step is not { } step)
        {
            var entries = answer.News!.Entries!;
            _listing = false;
            foreach (var entry in entries) _listed.Enqueue(entry);
            _listIsOver = entries.Count < SourceDisk.PageEntries;
            return;
        }

        if (step.Action == SourceAction.Map) _session.Mapped(step.Index, answer.News!.Extent);
        else if (step.IsStraight)
        {
            if (_session.StraightDone(answer.Read)) _connection.Lender.CommitWritten(_straight.Length);
            _straight = default;
        }
        else if (step.Action == SourceAction.Read) _session.ReadDone(step.Slot, answer.Read, answer.News?.Hash);
        if (step.Action == SourceAction.Close || answer.Work.Closes) TakeClosed(step.Index, step.Offset + step.Length, answer);
    }

    private void TakeClosed(int index, long size, in SourceAnswer answer)
    {
        _digest = answer.News?.Digest;
        _session.Closed(index, answer.Status, _digest);
        if (answer.Status == EntryStatus.Whole && answer.News?.Path is { } path) _sent!(new ArrivedFile(path, size, _digest is null ? null : Convert.ToHexStringLower(_digest)));
    }

    /// <summary>Takes what the session has to say, small messages together and large contents by themselves.</summary>
    private bool Gather()
    {
        _gathered = 0;
        while (_content.IsEmpty && _out.Length - _gathered >= MessageHeader.Bytes + TreeLimits.MessageBytes && _session.TryTake(_out.AsSpan(_gathered), out var frame))
        {
            _gathered += frame.HeadBytes;
            if (frame.Slot >= 0)
            {
                var content = _slots[frame.Slot].AsMemory(0, frame.PayloadBytes);
                if (content.Length > CopiedBytes)
                {
                    _content = content;
                    return true;
                }

                content.Span.CopyTo(_out.AsSpan(_gathered));
                _gathered += content.Length;
            }

            _session.Sent();
        }

        return _gathered > 0;
    }

    private async Task SendAsync(int gathered)
    {
        await _connection.Stream.WriteAsync(_out.AsMemory(0, gathered)).ConfigureAwait(false);
        if (!_content.IsEmpty) await _connection.Stream.WriteAsync(_content).ConfigureAwait(false);
    }

    private void Look()
    {
        if (_broken is not null && _watch.Now - _brokenAt >= LastWordLimit) _session.End(_broken);
        var waitingForUs = _sending is null && !_awaitsRoom && !_session.AwaitsPeer && _broken is null;
        if (_watch.Observe(_loop.Heard + _connection.BytesAcknowledged(), waitingForUs) is { } stalled) _session.End(stalled);
        if (_session.Ending is null && _session.IsAccepted) _watch.Report(Position(final: false));
    }

    private CopyProgress Position(bool final) => TreePosition.Of(_session, _source.Tree.Summary.Files, _source.Tree.Summary.TotalBytes, _source.IsStream, final);

    /// <summary>Nothing uses the buffers or the files when this is over; what is still under way fails, as the connection has ended.</summary>
    private async Task SettleAsync()
    {
        // A pipe that nobody writes to cannot be stopped reading; nothing else needs its thread.
        foreach (var step in new[] { _sending, _source.IsStream ? null : _steps.Over })
        {
            if (step is not null) await step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Nothing else asks the source when this is called.</summary>
    private EntryNote[] Notes() =>
    [
        .. _session.Notes.OrderBy(static note => note.Index).Take(EntryNote.Most)
            .Select(note => new EntryNote(_source.PathOf(note.Index), note.Reason, EntryReasons.Clause(note.Reason, atReceiver: false))),
    ];

    private CopyOutcome Conclude()
    {
        var ending = _session.Ending!;
        Debug.Assert(ending is not null, "the loop ends with a reason");
        if (_session.IsAccepted) _watch.Report(Position(final: true));
        return CopyOutcome.From(ending) with
        {
            Bytes = TreePosition.BytesOf(_session),
            Travelled = _session.ChunkBytes,
            Files = _session.EndedEntries,
            Elapsed = _watch.Elapsed,
            LeftOut = _session.LeftOutEntries,
            Failed = _session.FailedEntries,
            Notes = Notes(),
            Sha256 = ending.Kind == OutcomeKind.Done && _source.Entries == 1 && _digest is not null ? Convert.ToHexStringLower(_digest) : null,
            Note = ending.Kind == OutcomeKind.Done && _session.LeftOutEntries > 0 ? $"Your peer's rules left out {_session.LeftOutEntries} of the {_source.Tree.Summary.Entries} entries." : null,
        };
    }
}
