using System.Threading.Tasks.Sources;

namespace P2PCopy.Transfer.IO;

/// <summary>
/// Wakes the one loop that owns a session whenever a step of disk, network or user is over. Signals that come while the loop works
/// are one; waiting allocates nothing.
/// </summary>
internal sealed class TurnSignal : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private bool _isSet;
    private bool _isAwaited;

    /// <summary>Something has happened.</summary>
    public void Set()
    {
        lock (_gate)
        {
            if (_isSet) return;
            _isSet = true;
            if (!_isAwaited) return;
            _isAwaited = false;
            _isSet = false;
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
