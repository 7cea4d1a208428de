using P2PCopy.Datagrams;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// Does what a <see cref="TreeReceiveSession"/> says: one loop owns the machine; network, user and answers to the peer go on meanwhile, and
/// the disk has a thread of its own. What arrives stays in the memory of the connection until the disk has written it from there; when the
/// disk is late, the peer has no more room.
/// </summary>
internal sealed partial class TreeReceivePump : IDisposable
{
    /// <summary>Steps that the disk was asked for and has not answered: of tiny files a window holds very many.</summary>
    private const int MostSteps = 2048;

    /// <summary>A part of a chunk smaller than this is not handed to the disk while more of it keeps coming.</summary>
    private const int WorthwhileBytes = 64 << 10;

    /// <summary>On a slow line what is there is handed over after this time, so that progress moves.</summary>
    private static readonly TimeSpan LongestFill = TimeSpan.FromMilliseconds(200);

    private readonly CopyConnection _connection;
    private readonly ReceiveOptions _options;
    private readonly Func<TreeOffer, CancellationToken, ValueTask<OfferDecision>> _decide;
    private readonly CopyWatch _watch;
    private readonly Action<ArrivedFile>? _arrived;
    private readonly TargetDisk _disk;
    private readonly TreeReceiveSession _session;
    private readonly SessionLoop _loop;
    private readonly StepThread<TargetWork, TargetAnswer> _steps;
    private readonly CancellationTokenSource _over = new();
    private readonly TakenBytes _taken;
    private readonly byte[] _out = new byte[128 << 10];
    private List<TargetAnswer> _answers = [];
    private int _stepsAhead;
    private long _answered;
    private Instant _unpushedSince;
    private bool _peerEnded;
    private Ending? _lost;
    private Task? _sending;
    private Task<Ending?>? _deciding;
    private bool _accepted;
    private bool _isOpenEnded;
    private bool _isFinished;
    private readonly List<TargetNote> _notes = [];
    private ArrivedFile? _only;
    private int _arrivedFiles;

    public TreeReceivePump(
        CopyConnection connection,
        ReceiveOptions options,
        TargetDisk disk,
        Func<TreeOffer, CancellationToken, ValueTask<OfferDecision>> decide,
        CopyWatch watch,
        Action<ArrivedFile>? arrived)
    {
        _connection = connection;
        _options = options;
        _disk = disk;
        _decide = decide;
        _watch = watch;
        _arrived = arrived;
        _taken = new TakenBytes(connection.Lender.ReleaseRead);
        _session = new TreeReceiveSession(new TreeReceiveOptions
        {
            StreamLimit = options.MaxSize ?? long.MaxValue,
            Features = (options.Hash ? TreeFeatures.Digests : TreeFeatures.None) | (options.IsUnattended && disk.Target.IsBlank ? TreeFeatures.WantsAll : TreeFeatures.None),
        });
        StepThread<TargetWork, TargetAnswer>? steps = null;
        _loop = new SessionLoop(_session, watch, TreeEndings.Interrupted, turn => steps!.TryHost(turn));
        _steps = steps = new StepThread<TargetWork, TargetAnswer>("p2pcopy disk", disk.Obey, _loop.Wake);
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
            await _over.CancelAsync().ConfigureAwait(false);
            // A copy that came to its end says so to the peer, however much of it failed.
            var patience = _isFinished && !cancellation.IsCancellationRequested ? CopyConnection.CloseLimit : LastWord.Patience(_session.Ending);
            await _connection.EndAsync(patience, _watch.Provider).ConfigureAwait(false);
            await SettleAsync(cancellation).ConfigureAwait(false);
        }

        return Conclude();
    }

    public void Dispose()
    {
        _steps.Dispose();
        _over.Dispose();
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
            // What the reading side hears of the end says more than a failed write, so that is waited for if it is under way.
            if (ConnectionFailure.Of(_sending) is { } lost) _lost ??= lost;
            _sending = null;
        }

        if (_deciding is not { IsCompleted: true }) return;
        var refusal = _deciding.GetAwaiter().GetResult();
        _deciding = null;
        if (refusal is not null)
        {
            _session.Fail(refusal);
            return;
        }

        _accepted = true;
        _session.Accept();
        _watch.Restart();
    }

    private void StartSteps()
    {
        do HandOver();
        while (Hear());
        _taken.Release(_stepsAhead == 0 ? _taken.Handed : _answered);
        if (_session.TryAsk(out var question))
            _steps.Add(new TargetWork(default, default, 0) { Ask = new TargetAsk(question, _session.Offer!) });
        if (_sending is null && _lost is null && Gather() is > 0 and var count) _sending = _loop.Watched(_connection.Stream.WriteAsync(_out.AsMemory(0, count)).AsTask());
    }

    /// <summary>Takes what has arrived, if that is wanted; false when nothing was there that changes anything.</summary>
    private bool Hear()
    {
        if (_peerEnded || _session.Ending is not null || !_taken.MayGrow || (!_taken.Run.IsEmpty && !Waits())) return false;
        if (_taken.Run.IsEmpty) _unpushedSince = _watch.Now;
        try
        {
            if (!_loop.TryHear(_connection.Lender, out var bytes)) return false;
            _taken.Add(bytes);
            _peerEnded = bytes.IsEmpty;
        }
        catch (Exception error) when (ConnectionFailure.Is(error))
        {
            (_lost, _peerEnded) = (ConnectionFailure.Of(error), true);
        }

        return true;
    }

    /// <summary>Hands what has arrived to the session, and what that makes of it to the disk: with the last bytes of a file its end.</summary>
    private void HandOver()
    {
        TargetWork write = default;
        while (_session.WantsBytes && (!_taken.Run.IsEmpty || _session.HoldsSteps))
        {
            if (Waits() || _stepsAhead >= MostSteps) break;
            var run = _taken.Run;
            var consumed = _session.Push(run.Span, out var step);
            _taken.HandOn(consumed);
            if (step.Action == TargetAction.None)
            {
                if (consumed == 0) break;
                continue;
            }

            // Nothing comes between the steps of a file.
            if (step.Action == TargetAction.End && write.Step.Action != TargetAction.None)
            {
                AskDisk(new TargetWork(write.Step with { Status = step.Status, Digest = step.Digest }, write.Bytes, _taken.Handed, Ends: true));
                write = default;
                continue;
            }

            if (write.Step.Action != TargetAction.None) AskDisk(write);
            write = default;
            if (step.Action == TargetAction.Write) write = new TargetWork(step, run[(consumed - (int)step.Length)..consumed], _taken.Handed);
            else AskDisk(new TargetWork(step, default, _taken.Handed));
        }

        if (write.Step.Action != TargetAction.None) AskDisk(write);
        if (!_taken.Run.IsEmpty || _session.HoldsSteps || !_session.WantsBytes) return;
        if (_lost is not null && _peerEnded) _session.End(_lost);
        else if (_peerEnded) _session.PeerClosed();
    }

    private void AskDisk(in TargetWork work)
    {
        _stepsAhead++;
        _steps.Add(work);
    }

    /// <summary>Whether a small part of a chunk waits for more of it: one write for many packets.</summary>
    private bool Waits() =>
        !_peerEnded && _taken.MayGrow && _taken.Run.Length < Math.Min(_session.ChunkRest, WorthwhileBytes) && _watch.Now - _unpushedSince < LongestFill;

    private int Gather()
    {
        var gathered = 0;
        while (_out.Length - gathered >= MessageHeader.Bytes + TreeLimits.MessageBytes && _session.Take(_out.AsSpan(gathered), _watch.Now) is > 0 and var count)
        {
            gathered += count;
            _session.Sent();
        }

        return gathered;
    }

    private void Take(in TargetAnswer answer)
    {
        var news = answer.News;
        if (news is not null) Tell(news);
        if (answer.Work.Ask is { } ask)
        {
            Answer(ask.Question.Inquiry, news!);
            return;
        }

        _stepsAhead--;
        _answered = answer.Work.End;
        _session.Settled(answer.Work.Step, answer.Fault);
        if (answer.Work.Ends) _session.Settled(answer.Work.EndStep, null);
    }

    private void Tell(TargetNews news)
    {
        foreach (var note in news.Notes)
        {
            _session.Note(note.Index, note.Ending, note.IsLate);
            if (_notes.Count < EntryNote.Most) _notes.Add(note);
        }

        foreach (var file in news.Arrived)
        {
            _only = _arrivedFiles++ == 0 ? file : null;
            _arrived?.Invoke(file);
        }
    }

    private void Answer(TargetInquiry inquiry, TargetNews news)
    {
        switch (inquiry)
        {
            case TargetInquiry.Decide:
                _isOpenEnded = news.Offer!.HasStream;
                _deciding = _loop.Watched(DecideAsync(news.Offer));
                break;
            case TargetInquiry.Prepare:
                _session.Prepared(news.Failure);
                break;
            case TargetInquiry.Begin:
                _session.Begun(news.Plans);
                break;
            case TargetInquiry.Hash:
                _session.Hashed(news.Run, news.Hashes);
                break;
            default:
                _isFinished = news.Failure is null;
                _session.Finished(news.Failure);
                break;
        }
    }

    private void Look()
    {
        if (_watch.Observe(_loop.Heard + _connection.BytesAcknowledged(), !_session.AwaitsPeer) is { } stalled) _session.End(stalled);
        if (_session.Ending is null && _accepted) _watch.Report(Position(final: false));
    }

    private CopyProgress Position(bool final) => TreePosition.Of(_session, _session.Offer!.Files, _session.Offer.TotalBytes, _isOpenEnded, final);
}
