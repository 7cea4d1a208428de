using P2PCopy.Datagrams;
using P2PCopy.Udt.IO;

namespace P2PCopy.Transfer.IO;

/// <summary>The one loop that owns a session: it turns whenever disk, network, user or clock have something for it.</summary>
internal sealed class SessionLoop
{
    /// <summary>So much is heard of the peer in a turn, and what comes in one piece with it: a thousandth of a second of the fastest path.</summary>
    private const int HeardPerTurn = 1 << 20;

    private readonly ISession _session;
    private readonly CopyWatch _watch;
    private readonly Ending _interrupted;
    private readonly TurnSignal _signal;
    private Instant? _givingUpSince;
    private long _heardBefore;

    /// <param name="session">What is driven.</param>
    /// <param name="watch">Its clock.</param>
    /// <param name="interrupted">How it ends when the user wants that.</param>
    /// <param name="home">Takes turns that can begin soon, as <see cref="TurnSignal"/> says; null is the thread pool.</param>
    public SessionLoop(ISession session, CopyWatch watch, Ending interrupted, Func<IThreadPoolWorkItem, bool>? home = null)
    {
        _session = session;
        _watch = watch;
        _interrupted = interrupted;
        _signal = new TurnSignal(home);
        Wake = _signal.Set;
    }

    /// <summary>Makes it turn; from any thread.</summary>
    public Action Wake { get; }

    /// <summary>Bytes of the peer since the beginning.</summary>
    public long Heard { get; private set; }

    /// <summary>Turns until the session has ended.</summary>
    /// <param name="turn">Takes what is over and begins what is next.</param>
    /// <param name="look">Keeps the limits and tells where it is.</param>
    /// <param name="cancellation">The user wants it to end.</param>
    public async Task RunAsync(Action turn, Action look, CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(static signal => ((TurnSignal)signal!).SetUrgently(), _signal).ConfigureAwait(false);
        var tick = Tick();
        while (_session.Ending is null)
        {
            if (cancellation.IsCancellationRequested) _session.Fail(_interrupted);
            _heardBefore = Heard;
            turn();
            EndWhatIsGivenUp(cancellation);
            look();
            if (_session.Ending is not null) break;
            await _signal.WaitAsync().ConfigureAwait(false);
            if (tick.IsCompleted) tick = Tick();
        }

        // What follows may block, and is not the home's business.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    /// <summary>
    /// Takes what the peer says, where it is, to be given back to the lender: nothing at the end of the stream. False when there is nothing
    /// yet, or when the turn has heard enough. Then another follows at once: a peer that never pauses must not keep answers, the user and the
    /// clock waiting.
    /// </summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public bool TryHear(ILendingStream lender, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (Heard - _heardBefore >= HeardPerTurn)
        {
            Wake();
            return false;
        }

        if (!lender.TryTakeReadable(Wake, out bytes)) return false;
        Heard += bytes.Length;
        return true;
    }

    /// <summary>Lets the loop turn when the task is over.</summary>
    public T Watched<T>(T task) where T : Task
    {
        if (task.IsCompleted) _signal.Set();
        else task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Wake);
        return task;
    }

    private Task Tick()
    {
        var tick = _watch.TickAsync();
        tick.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_signal.SetUrgently);
        return tick;
    }

    private void EndWhatIsGivenUp(CancellationToken cancellation)
    {
        if (!_session.IsGivingUp) return;
        _givingUpSince ??= _watch.Now;
        if (_watch.Now - _givingUpSince.Value >= LastWord.LimitOf(cancellation)) _session.End(_interrupted);
    }
}
