using System.IO.Pipelines;
using P2PCopy.Transfer.IO;
using P2PCopy.Udt.IO;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>
/// One end of a connection in memory that ends as UDT does: after a close the peer reads what was written and then the end, and its
/// writes fail.
/// </summary>
internal sealed class DuplexStream : EndOfConnection, ILendingStream
{
    private readonly Pipe _incoming;
    private readonly Pipe _outgoing;
    private DuplexStream? _peer;
    private Task _committed = Task.CompletedTask;
    private Task<ReadOnlyMemory<byte>>? _taking;
    private byte[] _lent = [];
    private long _written;
    private long _read;
    private volatile bool _closed;

    private DuplexStream(Pipe incoming, Pipe outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    /// <summary>Reading so many bytes breaks the connection, as when the network goes away in the middle.</summary>
    public long BreaksAfter { get; set; } = long.MaxValue;

    /// <summary>What a copy needs; everything written into the pipe counts as acknowledged.</summary>
    public CopyConnection Connection => new(
        this,
        this,
        () => Volatile.Read(ref _written),
        _ =>
        {
            CloseConnection();
            return Task.CompletedTask;
        },
        CloseConnection);

    public static (DuplexStream A, DuplexStream B) Pair(int capacity = 1 << 20)
    {
        // What is written is read at once, however busy the thread pool is: no side goes on without the other's answer because of that.
        var options = new PipeOptions(readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: capacity, resumeWriterThreshold: capacity / 2, minimumSegmentSize: 64 << 10, useSynchronizationContext: false);
        var (left, right) = (new Pipe(options), new Pipe(options));
        var (a, b) = (new DuplexStream(left, right), new DuplexStream(right, left));
        (a._peer, b._peer) = (b, a);
        return (a, b);
    }

    public void CloseConnection()
    {
        if (_closed) return;
        _closed = true;
        _incoming.Reader.CancelPendingRead();
        _outgoing.Writer.CancelPendingFlush();
        _outgoing.Writer.Complete();
        _incoming.Writer.CancelPendingFlush();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_closed) throw new IOException("this side has closed the connection");
            var result = await _incoming.Reader.ReadAsync(cancellationToken);
            if (result.Buffer.IsEmpty)
            {
                _incoming.Reader.AdvanceTo(result.Buffer.Start);
                if (result.IsCompleted) return 0;
                continue;
            }

            var first = result.Buffer.FirstSpan;
            var count = Math.Min(first.Length, buffer.Length);
            first[..count].CopyTo(buffer.Span);
            _incoming.Reader.AdvanceTo(result.Buffer.GetPosition(count));
            _read += count;
            if (_read >= BreaksAfter) CloseConnection();
            return count;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_committed.IsCompleted) await _committed;
        while (!buffer.IsEmpty)
        {
            if (_closed || _peer!._closed) throw new IOException("the peer has closed the connection");
            var portion = buffer[..Math.Min(buffer.Length, 64 << 10)];
            Interlocked.Add(ref _written, portion.Length);
            await _outgoing.Writer.WriteAsync(portion, cancellationToken);
            buffer = buffer[portion.Length..];
        }
    }

    public bool TryTakeReadable(Action readable, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        var taking = _taking ??= TakeAsync();
        if (!taking.IsCompleted)
        {
            taking.ContinueWith(_ => readable(), TaskScheduler.Default);
            return false;
        }

        _taking = null;
        bytes = taking.GetAwaiter().GetResult();
        return true;
    }

    public void ReleaseRead(int count)
    {
    }

    public bool TryLendWritable(Action writable, out Memory<byte> room)
    {
        room = default;
        if (!_committed.IsCompleted)
        {
            _committed.ContinueWith(_ => writable(), TaskScheduler.Default);
            return false;
        }

        _committed.GetAwaiter().GetResult();
        if (_closed || _peer!._closed) throw new IOException("the peer has closed the connection");
        room = _lent = new byte[100_000];
        return true;
    }

    public void CommitWritten(int count) => _committed = WriteAsync(_lent.AsMemory(0, count)).AsTask();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Memory of its own for all that is taken, so nothing is lost when it is given back late.
    private async Task<ReadOnlyMemory<byte>> TakeAsync()
    {
        var bytes = new byte[64 << 10];
        return bytes.AsMemory(0, await ReadAsync(bytes));
    }
}
