using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;

namespace P2PCopy.Transfer.IO;

/// <summary>The clock of one copy: progress reports, the stall rule, and a tick that wakes the pump for both.</summary>
internal sealed class CopyWatch
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReportAtLeastEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _provider;
    private readonly MonotonicClock _clock;
    private readonly Action<CopyProgress>? _progress;
    private readonly StallRule _stall;
    private Instant _start;
    private Instant _reported;
    private long _reportedBytes = -1;

    public CopyWatch(TimeProvider provider, Action<CopyProgress>? progress, TimeSpan stallLimit)
    {
        _provider = provider;
        _clock = new MonotonicClock(provider);
        _progress = progress;
        _start = _clock.Now;
        _reported = _start - ReportAtLeastEvery;
        _stall = new StallRule(stallLimit, _start);
    }

    public TimeProvider Provider => _provider;

    public Instant Now => _clock.Now;

    public TimeSpan Elapsed => _clock.Now - _start;

    /// <summary>The time of the copy begins now: the user has accepted.</summary>
    public void Restart() => _start = _clock.Now;

    /// <summary>Done after a tenth of a second: often enough for a progress line and for every limit.</summary>
    public Task TickAsync() => Task.Delay(ReportEvery, _provider);

    /// <summary>Looks for signs of life; the ending when there were none for too long.</summary>
    public Ending? Observe(long signs, bool waitingForUs)
    {
        var now = _clock.Now;
        _stall.Observe(signs, waitingForUs, now);
        return _stall.IsStalled(now) ? Ending.Stalled(_stall.Limit) : null;
    }

    public void Report(long bytes, long total, bool final = false) => Report(new CopyProgress(bytes, total, default, default, final));

    /// <summary>Reports where the copy is; the times are filled in here.</summary>
    public void Report(in CopyProgress position)
    {
        var (bytes, final) = (position.Bytes, position.Final);
        if (_progress is null) return;
        var now = _clock.Now;
        if (!final && now - _reported < (bytes == _reportedBytes ? ReportAtLeastEvery : ReportEvery)) return;
        _reported = now;
        _reportedBytes = bytes;
        _progress(position with { Elapsed = now - _start, Silence = _stall.Silence(now) });
    }
}
