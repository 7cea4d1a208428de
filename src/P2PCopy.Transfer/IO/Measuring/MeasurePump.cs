using System.Diagnostics;
using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.Transfer.Measuring;
using P2PCopy.Udt;

namespace P2PCopy.Transfer.IO.Measuring;

/// <summary>Does what a <see cref="MeasureSession"/> says: one loop owns the machine, and the network reads and writes meanwhile.</summary>
internal sealed class MeasurePump
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is asked whether more may flow, while it may not.</summary>
    private static readonly TimeSpan PaceEvery = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(60);

    private readonly CopyConnection _connection;
    private readonly Func<UdtStatistics> _statistics;
    private readonly MeasureSession _session;
    private readonly Action<MeasureProgress>? _progress;
    private readonly TimeProvider _provider;
    private readonly MonotonicClock _clock;
    private readonly StallRule _stall;
    private readonly TurnSignal _signal = new();
    private readonly byte[] _out = RandomNumberGenerator.GetBytes(MeasureSession.MessageRoom);
    private Task? _sending;
    private Task<ReadOnlyMemory<byte>>? _hearing;
    private bool _peerEnded;
    private long _heard;
    private Instant _nextLook;
    private Instant? _givingUpSince;

    public MeasurePump(CopyConnection connection, Func<UdtStatistics> statistics, MeasureSession session, Action<MeasureProgress>? progress, TimeProvider provider)
    {
        (_connection, _statistics, _session, _progress, _provider) = (connection, statistics, session, progress, provider);
        _clock = new MonotonicClock(provider);
        _stall = new StallRule(StallLimit, _clock.Now);
    }

    public async Task<MeasureOutcome> RunAsync(CancellationToken cancellation)
    {
        var registration = cancellation.UnsafeRegister(static signal => ((TurnSignal)signal!).Set(), _signal);
        await using (registration.ConfigureAwait(false))
        {
            try
            {
                await TurnAsync(cancellation).ConfigureAwait(false);
                await LastWord.SayAsync(_sending, _provider, cancellation).ConfigureAwait(false);
            }
            finally
            {
                var ending = _session.Ending;
                await _connection.EndAsync(LastWord.Patience(ending), _provider).ConfigureAwait(false);
                foreach (var step in new[] { _sending, _hearing })
                {
                    if (step is not null) await step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        return Conclude();
    }

    private async Task TurnAsync(CancellationToken cancellation)
    {
        Task? tick = null;
        while (_session.Ending is null)
        {
            var now = _clock.Now;
            if (cancellation.IsCancellationRequested) _session.Fail(MeasureEndings.Interrupted);
            FinishSteps(now);
            _session.HandleTimeout(now);
            StartSteps(now);
            Look(now, cancellation);
            if (_session.Ending is not null) break;
            if (tick is not { IsCompleted: false }) tick = Watched(Task.Delay(_session.IsSending && _sending is null ? PaceEvery : LookEvery, _provider, CancellationToken.None));
            await _signal.WaitAsync().ConfigureAwait(false);
        }
    }

    private void FinishSteps(Instant now)
    {
        if (_sending is { IsCompleted: true })
        {
            if (ConnectionFailure.Of(_sending) is { } broken) _session.End(broken);
            else _session.WasSent();
            _sending = null;
        }

        if (_hearing is not { IsCompleted: true }) return;
        if (ConnectionFailure.Of(_hearing) is { } lost) _session.End(lost);
        else if (_hearing.Result.IsEmpty)
        {
            _peerEnded = true;
            _session.PeerClosed();
        }
        else
        {
            _session.Push(_hearing.Result.Span, now);
            _heard += _hearing.Result.Length;
            _connection.Lender.ReleaseRead(_hearing.Result.Length);
        }

        _hearing = null;
    }

    private void StartSteps(Instant now)
    {
        if (_sending is null && _session.Take(_out, _connection.BytesAcknowledged(), now) is > 0 and var count)
            _sending = Watched(_connection.Stream.WriteAsync(_out.AsMemory(0, count)).AsTask());
        if (_hearing is null && !_peerEnded && _session.Ending is null) _hearing = Watched(_connection.Lender.TakeReadableAsync(CancellationToken.None).AsTask());
    }

    private void Look(Instant now, CancellationToken cancellation)
    {
        if (_session.IsGivingUp)
        {
            _givingUpSince ??= now;
            if (now - _givingUpSince.Value >= LastWord.LimitOf(cancellation)) _session.End(MeasureEndings.Interrupted);
        }

        _stall.Observe(_heard + _connection.BytesAcknowledged(), waitingForUs: false, now);
        if (_stall.IsStalled(now)) _session.End(Ending.Stalled(StallLimit));
        if (now < _nextLook) return;
        _nextLook = now + LookEvery;
        var seen = _statistics();
        _session.Observe(seen.RoundTripTime, seen.PacketsSent, seen.PacketsResent);
        if (_session.Position(now) is { } position) _progress?.Invoke(position);
    }

    private MeasureOutcome Conclude()
    {
        var ending = _session.Ending!;
        Debug.Assert(ending is not null, "the loop ends with a reason");
        return new MeasureOutcome
        {
            Kind = ending.Kind,
            Sentence = CopyOutcome.From(ending).Sentence,
            Sent = _session.Sent,
            Received = _session.Received,
        };
    }

    /// <summary>Lets the loop turn when the task is over.</summary>
    private T Watched<T>(T task) where T : Task
    {
        if (task.IsCompleted) _signal.Set();
        else task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_signal.Set);
        return task;
    }
}
