using System.Diagnostics;
using System.Security.Cryptography;
using P2PCopy.Transfer.Measuring;
using P2PCopy.Udt;

namespace P2PCopy.Transfer.IO.Measuring;

/// <summary>Does what a <see cref="MeasureSession"/> says: one loop owns the machine, and the network reads and writes meanwhile.</summary>
internal sealed class MeasurePump
{
    /// <summary>How often it is asked whether more may flow, while it may not.</summary>
    private static readonly TimeSpan PaceEvery = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(60);

    private readonly CopyConnection _connection;
    private readonly Func<UdtStatistics> _statistics;
    private readonly MeasureSession _session;
    private readonly Action<MeasureProgress>? _progress;
    private readonly CopyWatch _watch;
    private readonly SessionLoop _loop;
    private readonly byte[] _out = RandomNumberGenerator.GetBytes(MeasureSession.MessageRoom);
    private Task? _sending;
    private Task? _pacing;
    private Task _untilLook = Task.CompletedTask;

    public MeasurePump(CopyConnection connection, Func<UdtStatistics> statistics, MeasureSession session, Action<MeasureProgress>? progress, TimeProvider provider)
    {
        (_connection, _statistics, _session, _progress) = (connection, statistics, session, progress);
        _watch = new CopyWatch(provider, progress: null, StallLimit);
        _loop = new SessionLoop(session, _watch, MeasureEndings.Interrupted);
    }

    public async Task<MeasureOutcome> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await _loop.RunAsync(Turn, Look, cancellation).ConfigureAwait(false);
            await LastWord.SayAsync(_sending, _watch.Provider, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await _connection.EndAsync(LastWord.Patience(_session.Ending), _watch.Provider).ConfigureAwait(false);
            if (_sending is not null) await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Conclude();
    }

    private void Turn()
    {
        FinishSteps();
        _session.HandleTimeout(_watch.Now);
        StartSteps();
    }

    private void FinishSteps()
    {
        if (_sending is { IsCompleted: true })
        {
            if (ConnectionFailure.Of(_sending) is { } broken) _session.End(broken);
            else _session.WasSent();
            _sending = null;
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
                else _session.Push(bytes.Span, _watch.Now);
                _connection.Lender.ReleaseRead(bytes.Length);
            }
        }
        catch (Exception error) when (ConnectionFailure.Is(error))
        {
            _session.End(ConnectionFailure.Of(error));
        }
    }

    private void StartSteps()
    {
        if (_sending is null && _session.Take(_out, _connection.BytesAcknowledged(), _watch.Now) is > 0 and var count)
            _sending = _loop.Watched(_connection.Stream.WriteAsync(_out.AsMemory(0, count)).AsTask());
        if (_sending is null && _session.IsSending && _pacing is not { IsCompleted: false })
            _pacing = _loop.Watched(Task.Delay(PaceEvery, _watch.Provider, CancellationToken.None));
    }

    private void Look()
    {
        if (_watch.Observe(_loop.Heard + _connection.BytesAcknowledged(), waitingForUs: false) is { } stalled) _session.End(stalled);
        if (!_untilLook.IsCompleted) return;
        _untilLook = _watch.TickAsync();
        var seen = _statistics();
        _session.Observe(seen.RoundTripTime, seen.PacketsSent, seen.PacketsResent);
        if (_session.Position(_watch.Now) is { } position) _progress?.Invoke(position);
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
}
