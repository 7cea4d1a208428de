using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.IO;

/// <summary>The one loop that owns a session: it turns whenever disk, network, user or clock have something for it.</summary>
internal sealed class SessionLoop
{
    private readonly ISession _session;
    private readonly CopyWatch _watch;
    private readonly Ending _interrupted;
    private readonly TurnSignal _signal;
    private Instant? _givingUpSince;

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
