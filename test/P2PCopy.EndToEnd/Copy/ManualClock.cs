using System.Diagnostics;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>A clock that stands until a test moves it on, so that a minute of silence takes no time.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Now
    {
        get
        {
            lock (_gate) return _now;
        }
    }

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on from deadline to deadline until the work is done; time stands while nobody waits for it.</summary>
    public async Task RunUntilAsync(Task work)
    {
        var started = Stopwatch.GetTimestamp();
        while (!work.IsCompleted)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2), "the work ends within two minutes of real time");
            FireNext();
            await Task.Yield();
        }

        await work;
    }

    private void FireNext()
    {
        ManualTimer? next;
        lock (_gate)
        {
            next = _timers.MinBy(timer => timer.Due);
            if (next is null) return;
            _timers.Remove(next);
            if (next.Due > _now) _now = next.Due;
        }

        next.Fire();
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime < TimeSpan.Zero) return true;
                Due = clock._now + dueTime;
                clock._timers.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
