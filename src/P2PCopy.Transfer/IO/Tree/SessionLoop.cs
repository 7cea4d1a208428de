using P2PCopy.Datagrams;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>The one loop that owns a session of either side: it turns whenever disk, network, user or clock have something for it.</summary>
internal sealed class SessionLoop
{
    private readonly ITreeSession _session;
    private readonly CopyWatch _watch;
    private readonly TurnSignal _signal = new();
    private Instant? _givingUpSince;

    public SessionLoop(ITreeSession session, CopyWatch watch)
    {
        _session = session;
        _watch = watch;
        Wake = _signal.Set;
    }

    /// <summary>Makes it turn; from any thread.</summary>
    public Action Wake { get; }

    /// <summary>Bytes that are behind the copy, for the user.</summary>
    public long Bytes => _session.SettledBytes + _session.SkippedBytes;

    /// <summary>Turns until the session has ended.</summary>
    /// <param name="turn">Takes what is over and begins what is next.</param>
    /// <param name="look">Keeps the limits and tells where the copy is.</param>
    /// <param name="cancellation">The user wants it to end.</param>
    public async Task RunAsync(Action turn, Action look, CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(static signal => ((TurnSignal)signal!).Set(), _signal).ConfigureAwait(false);
        var tick = Watched(_watch.TickAsync());
        while (_session.Ending is null)
        {
            if (cancellation.IsCancellationRequested) _session.Fail(TreeEndings.Interrupted);
            turn();
            EndWhatIsGivenUp(cancellation);
            look();
            if (_session.Ending is not null) break;
            await _signal.WaitAsync().ConfigureAwait(false);
            if (tick.IsCompleted) tick = Watched(_watch.TickAsync());
        }
    }

    /// <summary>Lets the loop turn when the task is over.</summary>
    public T Watched<T>(T task) where T : Task
    {
        if (task.IsCompleted) _signal.Set();
        else task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Wake);
        return task;
    }

    /// <summary>Where the copy is.</summary>
    /// <param name="files">How many files it has.</param>
    /// <param name="total">Bytes of all that is offered.</param>
    /// <param name="isOpenEnded">Whether more may come.</param>
    /// <param name="final">Whether this is the last report.</param>
    public CopyProgress Position(int files, long total, bool isOpenEnded, bool final)
    {
        var running = _session.Running;
        return new CopyProgress(Bytes, Math.Max(total, Bytes), default, default, final)
        {
            Travelled = _session.TravelledBytes,
            Skipped = _session.SkippedBytes,
            Files = files,
            EndedFiles = _session.EndedEntries,
            Running = running?.Name,
            RunningBytes = running?.Bytes ?? 0,
            RunningSize = running?.Size ?? 0,
            IsOpenEnded = isOpenEnded,
        };
    }

    private void EndWhatIsGivenUp(CancellationToken cancellation)
    {
        if (!_session.IsGivingUp) return;
        _givingUpSince ??= _watch.Now;
        if (_watch.Now - _givingUpSince.Value >= LastWord.LimitOf(cancellation)) _session.End(TreeEndings.Interrupted);
    }
}
