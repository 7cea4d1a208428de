using System.Threading.Tasks.Sources;

namespace P2PCopy.Transfer.IO;

/// <summary>
/// Wakes the one loop that owns a session whenever a step of disk, network or user is over. Signals that come while the loop works
/// are one; waiting allocates nothing. The loop goes on where it is at home, and on the thread pool where that does not take it.
/// </summary>
/// <param name="home">Takes a turn if it can begin that soon; null is the thread pool.</param>
internal sealed class TurnSignal(Func<IThreadPoolWorkItem, bool>? home) : IValueTaskSource, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _isSet;
    private bool _isAwaited;
    private bool _isOwed;

    /// <summary>Something has happened. Whoever says so goes on at once.</summary>
    public void Set()
    {
        lock (_gate)
        {
            // A turn that has not begun sees what has happened until then.
            if (_isSet || _isOwed) return;
            _isSet = !_isAwaited;
            if (_isSet) return;
            (_isAwaited, _isOwed) = (false, true);
        }

        if (home is null || !home(this)) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Something has happened that must not wait for the loop's home, which may hang.</summary>
    public void SetUrgently()
    {
        Set();
        lock (_gate)
        {
            if (home is null || !_isOwed) return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Lets the loop turn, on this thread, unless somebody else has done so.</summary>
    public void Execute()
    {
        lock (_gate)
        {
            if (!_isOwed) return;
            _isOwed = false;
        }

        _core.SetResult(true);
    }

    /// <summary>Waits until something has happened since the last time. One waiter.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _isAwaited = true;
            return new ValueTask(this, _core.Version);
        }
    }

    /// <inheritdoc/>
    public void GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
