using P2PCopy.Transfer.Messages;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Transfer.IO;

/// <summary>
/// Does what a <see cref="ReceiveSession"/> says: one loop owns the machine; network, user, disk and confirmations work at the
/// same time and each has at most one step under way.
/// </summary>
internal sealed partial class ReceivePump : IDisposable
{
    private const int Buffers = 8;
    private const int BufferBytes = 1 << 20;

    /// <summary>Less is not handed to the disk while more keeps coming.</summary>
    private const int WorthwhileBytes = 64 << 10;

    /// <summary>On a slow line what is there is handed over after this time, so that progress moves.</summary>
    private static readonly TimeSpan LongestFill = TimeSpan.FromMilliseconds(200);

    private readonly CopyConnection _connection;
    private readonly ReceiveOptions _options;
    private readonly Func<Offer, CancellationToken, ValueTask<OfferDecision>> _decide;
    private readonly CopyWatch _watch;
    private readonly ReceiveSession _session;
    private readonly SerialThread _disk = new("p2pcopy disk");
    private readonly ContentHash? _hash;
    private readonly CancellationTokenSource _over = new();
    private readonly Stack<byte[]> _free = new();
    private readonly Queue<(FilePiece Piece, byte[] Buffer)> _pieces = new();
    private readonly byte[] _field = new byte[FramingLimits.NameBytes];
    private readonly byte[] _answers = new byte[64];

    private Task<int>? _filling;
    private byte[]? _fillBuffer;
    private Task<Ending?>? _deciding;
    private Task<Ending?>? _writing;
    private (FilePiece Piece, byte[] Buffer) _written;
    private Task<Ending?>? _committing;
    private Task? _answering;
    private FileSink? _sink;
    private bool _accepted;
    private long _heard;

    public ReceivePump(
        CopyConnection connection,
        ReceiveOptions options,
        Func<Offer, CancellationToken, ValueTask<OfferDecision>> decide,
        CopyWatch watch)
    {
        _connection = connection;
        _options = options;
        _decide = decide;
        _watch = watch;
        _session = new ReceiveSession(new NameRules(options.AllowSensitive), options.MaxSize);
        _hash = options.Hash ? new ContentHash() : null;
    }

    public async Task<CopyOutcome> RunAsync(CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource();
        await using (cancellation.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), cancelled).ConfigureAwait(false))
        {
            try
            {
                var tick = _watch.TickAsync();
                while (_session.Ending is null)
                {
                    StartSteps();
                    await Task.WhenAny(
                        _filling ?? tick, _deciding ?? tick, _writing ?? tick, _committing ?? tick, _answering ?? tick, tick, cancelled.Task)
                        .ConfigureAwait(false);
                    if (tick.IsCompleted) tick = _watch.TickAsync();
                    FinishSteps();
                    Look();
                    if (cancellation.IsCancellationRequested) _session.End(Ending.Interrupted);
                }
            }
            finally
            {
                await _over.CancelAsync().ConfigureAwait(false);
                await _connection.EndAsync(EndsPolitely, _watch.Provider, cancellation).ConfigureAwait(false);
                await SettleAsync().ConfigureAwait(false);
            }
        }

        return await ConcludeAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _disk.Dispose();
        _hash?.Dispose();
        _over.Dispose();
    }

    /// <summary>The peer hears a refusal only if the byte that says so is not overtaken by an abort.</summary>
    private bool EndsPolitely => _session.Ending?.Kind is OutcomeKind.Done or OutcomeKind.Refused or OutcomeKind.LocalDisk;

    private void StartSteps()
    {
        if (_filling is null)
        {
            if (_session.WantedField > 0) _filling = HearAsync(_field.AsMemory(0, _session.WantedField));
            else if (_session.WantedData > 0 && TakeBuffer() is { } buffer) _filling = FillAsync(buffer, Math.Min(_session.WantedData, BufferBytes));
        }

        if (_session.NeedsDecision && _deciding is null) _deciding = DecideAsync();
        if (_accepted && _writing is null && _pieces.TryDequeue(out var next)) _writing = WriteAsync(next);
        if (_session.MayCommit && _committing is null) _committing = _disk.Run(_sink!.Commit);
        if (_answering is null && _session.TakeAnswers(_answers) is > 0 and var count)
            _answering = _connection.Stream.WriteAsync(_answers.AsMemory(0, count)).AsTask();
    }

    private void FinishSteps()
    {
        if (_answering is { IsCompleted: true })
        {
            // What the reading side hears of the end says more than a failed write, so that is waited for if it is under way.
            var lost = ConnectionFailure.Of(_answering);
            _answering = null;
            if (lost is null) _session.AnswersSent();
            else if (_filling is null && _session.HasEverything) _session.PeerClosed();
            else if (_filling is null) _session.End(lost);
        }

        if (_filling is { IsCompleted: true }) FinishFilling();
        if (_deciding is { IsCompleted: true }) FinishDeciding();
        if (_writing is { IsCompleted: true })
        {
            if (_writing.GetAwaiter().GetResult() is { } failure) _session.Fail(failure);
            else _session.PieceWritten(_written.Piece);
            _free.Push(_written.Buffer);
            _writing = null;
        }

        if (_committing is { IsCompleted: true })
        {
            if (_committing.GetAwaiter().GetResult() is { } failure) _session.Fail(failure);
            else _session.Committed();
            _committing = null;
        }
    }

    private void FinishDeciding()
    {
        var refusal = _deciding!.GetAwaiter().GetResult();
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

    private void FinishFilling()
    {
        var step = _filling!;
        var buffer = _fillBuffer;
        _filling = null;
        _fillBuffer = null;
        if (ConnectionFailure.Of(step) is { } lost) _session.End(lost);
        else if (step.Result == 0) _session.PeerClosed();
        else if (buffer is null) _session.FieldArrived(_field.AsSpan(0, step.Result));
        else if (_session.WantedData > 0) _pieces.Enqueue((_session.DataArrived(step.Result), buffer));
    }

    private void Look()
    {
        // While the user thinks, the disk works or everything is in memory, the peer has nothing to do.
        var waitingForUs = _session.NeedsDecision || _writing is not null || _pieces.Count > 0 || _session.MayCommit;
        if (_watch.Observe(_connection.BytesAcknowledged() + Volatile.Read(ref _heard), waitingForUs) is { } stalled) _session.End(stalled);
        if (_session.Ending is null && _accepted) _watch.Report(_session.WrittenBytes, _session.Size);
    }

    private byte[]? TakeBuffer()
    {
        if (_free.TryPop(out var buffer)) return _fillBuffer = buffer;
        // Between network and disk there are at most so many buffers, one more is being written.
        return _pieces.Count + (_writing is null ? 0 : 1) < Buffers
            ? _fillBuffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(BufferBytes, _session.Size))
            : null;
    }

    private async Task<int> HearAsync(Memory<byte> destination)
    {
        var count = await _connection.Stream.ReadAsync(destination).ConfigureAwait(false);
        Interlocked.Add(ref _heard, count);
        return count;
    }

    private async Task<int> FillAsync(byte[] buffer, int wanted)
    {
        var started = _watch.Now;
        var total = 0;
        do
        {
            var count = await HearAsync(buffer.AsMemory(total, wanted - total)).ConfigureAwait(false);
            if (count == 0) break;
            total += count;
        }
        while (total < Math.Min(wanted, WorthwhileBytes) && _watch.Now - started < LongestFill);

        return total;
    }

    private async Task<Ending?> WriteAsync((FilePiece Piece, byte[] Buffer) next)
    {
        _written = next;
        var content = next.Buffer.AsMemory(0, next.Piece.Length);
        var hashing = _hash?.AppendAsync(content);
        var failure = await _disk.Run(() => _sink!.Write(next.Piece, content.Span)).ConfigureAwait(false);
        if (hashing is not null) await hashing.ConfigureAwait(false);
        return failure;
    }
}
