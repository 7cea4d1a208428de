using System.Diagnostics;
using P2PCopy.Datagrams;
using P2PCopy.Transfer.Messages;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.Transfer.IO;

/// <summary>
/// Does what a <see cref="SendSession"/> says: one loop owns the machine; disk, network and confirmations work at the same time
/// and each has at most one step under way.
/// </summary>
internal sealed class SendPump : IDisposable
{
    private const int Buffers = 6;

    /// <summary>How long a reason may be under way when the connection no longer takes our bytes.</summary>
    private static readonly TimeSpan LastWordLimit = TimeSpan.FromSeconds(2);

    private readonly CopyConnection _connection;
    private readonly FileSource _source;
    private readonly CopyWatch _watch;
    private readonly SendSession _session;
    private readonly SerialThread _disk = new("p2pcopy disk");
    private readonly ContentHash? _hash;
    private readonly byte[][] _buffers = new byte[Buffers][];
    private readonly byte[] _field = new byte[FramingLimits.NameBytes + 8];
    private readonly byte[] _answers = new byte[256];

    private Task<int>? _reading;
    private Task? _sending;
    private Task<int>? _hearing;
    private Ending? _readFailure;
    private Ending? _broken;
    private Instant _brokenAt;
    private long _answered;

    public SendPump(CopyConnection connection, FileSource source, SendOptions options, CopyWatch watch)
    {
        _connection = connection;
        _source = source;
        _watch = watch;
        _session = new SendSession(new FileHeader(options.Name ?? source.Name, source.Size));
        _hash = options.Hash ? new ContentHash() : null;
        var longest = (int)Math.Min(SendSession.DefaultBlockBytes, source.Size);
        for (var i = 0; i < Buffers; i++) _buffers[i] = GC.AllocateUninitializedArray<byte>(longest);
    }

    public async Task<CopyOutcome> RunAsync(CancellationToken cancellation)
    {
        if (!_session.Header.TryWriteName(_field, out _)) _session.End(SourceEndings.NameTooLong);
        var cancelled = new TaskCompletionSource();
        await using (cancellation.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), cancelled).ConfigureAwait(false))
        {
            try
            {
                var tick = _watch.TickAsync();
                while (_session.Ending is null)
                {
                    StartSteps();
                    await Task.WhenAny(_reading ?? tick, _sending ?? tick, _hearing!, tick, cancelled.Task).ConfigureAwait(false);
                    if (tick.IsCompleted) tick = _watch.TickAsync();
                    await HeaderBeforeEndAsync().ConfigureAwait(false);
                    FinishSteps();
                    Look();
                    if (cancellation.IsCancellationRequested) _session.End(Ending.Interrupted);
                }
            }
            finally
            {
                await _connection.EndAsync(_session.Ending?.Kind == OutcomeKind.Done, _watch.Provider, cancellation).ConfigureAwait(false);
            }
        }

        await SettleAsync().ConfigureAwait(false);
        return await ConcludeAsync(_session.Ending).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _disk.Dispose();
        _hash?.Dispose();
    }

    private void StartSteps()
    {
        // One buffer is with the network; the others take what the disk gives meanwhile.
        if (_reading is null && _session.TryRead(Buffers - 1, out var read)) _reading = ReadAsync(read);
        if (_sending is null && _broken is null)
        {
            if (_session.WantsHeader) _sending = SendHeaderAsync();
            else if (_session.TrySend(out var block)) _sending = SendBlockAsync(block);
        }

        _hearing ??= _connection.Stream.ReadAsync(_answers).AsTask();
    }

    /// <summary>
    /// The receiver of an empty file answers the header by closing, which can be heard before the write of the header is seen to
    /// end. With the connection closed that write ends at once.
    /// </summary>
    private async Task HeaderBeforeEndAsync()
    {
        if (_session.WantsHeader && _sending is not null && _hearing is { IsCompletedSuccessfully: true, Result: 0 })
            await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void FinishSteps()
    {
        if (_reading is { IsCompleted: true })
        {
            var count = _reading.GetAwaiter().GetResult();
            _reading = null;
            if (_readFailure is not null) _session.End(_readFailure);
            else _session.BlockRead(count);
        }

        if (_sending is { IsCompleted: true })
        {
            // The peer's last word may still be on its way to us: it says more than a broken pipe.
            _broken = ConnectionFailure.Of(_sending);
            _brokenAt = _watch.Now;
            _sending = null;
            if (_broken is null && _session.WantsHeader) _session.HeaderSent();
        }

        // After the sending: what is heard now may be the answer to what has just gone out.
        if (_hearing is { IsCompleted: true })
        {
            if (ConnectionFailure.Of(_hearing) is { } lost) _session.End(_broken ?? lost);
            else if (_hearing.Result == 0) _session.PeerClosed();
            else _session.Answered(_answers.AsSpan(0, _hearing.Result));
            if (_session.Ending is null) _answered += _hearing.Result;
            _hearing = null;
        }
    }

    private void Look()
    {
        if (_broken is not null && _watch.Now - _brokenAt >= LastWordLimit) _session.End(_broken);
        var waitingForUs = _sending is null && !_session.AwaitsPeer && _broken is null;
        if (_watch.Observe(_answered + _connection.BytesAcknowledged(), waitingForUs) is { } stalled) _session.End(stalled);
        if (_session.Ending is null) _watch.Report(_session.ConfirmedBytes, _session.Header.Size);
    }

    private Task<int> ReadAsync(FileBlock block) => _disk.Run(() =>
        _source.Read(block.Offset, BufferOf(block).Span, out _readFailure));

    private async Task SendHeaderAsync()
    {
        // Each field is a write of its own, as the original does it.
        _session.Header.TryWriteName(_field, out var length);
        await _connection.Stream.WriteAsync(_field.AsMemory(0, length)).ConfigureAwait(false);
        _session.Header.WriteSize(_field);
        await _connection.Stream.WriteAsync(_field.AsMemory(0, FileHeader.SizeBytes)).ConfigureAwait(false);
    }

    private async Task SendBlockAsync(FileBlock block)
    {
        var content = BufferOf(block);
        var hashing = _hash?.AppendAsync(content);
        BlockLengthParser.Write(_field, block.Length);
        await _connection.Stream.WriteAsync(_field.AsMemory(0, BlockLengthParser.FieldBytes)).ConfigureAwait(false);
        await _connection.Stream.WriteAsync(content).ConfigureAwait(false);
        if (hashing is not null) await hashing.ConfigureAwait(false);
    }

    private Memory<byte> BufferOf(FileBlock block) =>
        _buffers[block.Offset / SendSession.DefaultBlockBytes % Buffers].AsMemory(0, block.Length);

    /// <summary>Nothing uses the buffers or the file when this is over; what is still under way fails, as the connection has ended.</summary>
    private async Task SettleAsync()
    {
        foreach (var step in new[] { _reading, _sending, _hearing })
        {
            if (step is not null) await step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<CopyOutcome> ConcludeAsync(Ending ending)
    {
        Debug.Assert(ending is not null, "the loop ends with a reason");
        var done = ending.Kind == OutcomeKind.Done;
        _watch.Report(_session.ConfirmedBytes, _session.Header.Size, final: true);
        return CopyOutcome.From(ending) with
        {
            Bytes = _session.ConfirmedBytes,
            Elapsed = _watch.Elapsed,
            Note = done ? _source.ChangeNote() : null,
            Sha256 = done && _hash is not null ? await _hash.FinishAsync().ConfigureAwait(false) : null,
        };
    }
}
