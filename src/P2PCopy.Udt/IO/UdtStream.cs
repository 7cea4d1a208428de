using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;

namespace P2PCopy.Udt.IO;

/// <summary>
/// A connected UDT socket as a stream. One reader and one writer may use it at the same time. It also lends its buffers, so that a
/// file can be read straight into the send buffer and written straight from the receive buffer.
/// </summary>
/// <example><code>
/// await using var socket = UdtSocket.Bind(new IPEndPoint(IPAddress.Any, 0));
/// var stream = await socket.ConnectAsync(server, cancellationToken);
/// await stream.WriteAsync(bytes, cancellationToken);
/// await stream.CloseAsync(TimeSpan.FromSeconds(30), cancellationToken);
/// </code></example>
public sealed class UdtStream : Stream, ILendingStream
{
    private static readonly TimeSpan DisposeLinger = TimeSpan.FromSeconds(10);

    private readonly IProtocolHost _host;
    private readonly UdtConnection _connection;
    private TaskCompletionSource? _reader;
    private TaskCompletionSource? _writer;
    private TaskCompletionSource? _closer;

    internal UdtStream(IProtocolHost host, UdtConnection connection)
    {
        _host = host;
        _connection = connection;
    }

    /// <summary>The peer's address and port.</summary>
    public UdpEndpoint Remote => _connection.Remote;

    /// <summary>Why the connection ended; <see cref="CloseReason.None"/> while it has not.</summary>
    public CloseReason CloseReason
    {
        get
        {
            using var turn = _host.EnterTurn();
            return _connection.CloseReason;
        }
    }

    /// <summary>What the connection has done so far.</summary>
    public UdtStatistics Statistics
    {
        get
        {
            using var turn = _host.EnterTurn();
            return _connection.Statistics;
        }
    }

    /// <summary>When a packet of the peer was last heard, on the driver's clock.</summary>
    public Instant LastHeard
    {
        get
        {
            using var turn = _host.EnterTurn();
            return _connection.LastHeard;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>A stream of packets has no length.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>A stream of packets has no position.</summary>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    internal bool IsOver => _connection.IsSettled;

    /// <inheritdoc/>
    /// <exception cref="UdtException">The connection broke.</exception>
    public ValueTask<ReadOnlyMemory<byte>> TakeReadableAsync(CancellationToken cancellationToken) => LendReadableAsync(take: true, cancellationToken);

    /// <inheritdoc/>
    public void ReleaseRead(int count)
    {
        using var turn = _host.EnterTurn();
        _connection.ReleaseRead(count, turn.Now);
    }

    /// <inheritdoc/>
    /// <exception cref="UdtException">The connection is not open any more.</exception>
    public ValueTask<Memory<byte>> LendWritableAsync(CancellationToken cancellationToken) => LendWritableAsync(goodPiece: true, cancellationToken);

    /// <inheritdoc/>
    public void CommitWritten(int count)
    {
        using var turn = _host.EnterTurn();
        _connection.CommitWritten(count);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        var lent = await LendReadableAsync(take: false, cancellationToken).ConfigureAwait(false);
        var count = Math.Min(lent.Length, buffer.Length);
        lent[..count].CopyTo(buffer);
        if (count > 0) AdvanceRead(count);
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var lent = await LendWritableAsync(goodPiece: false, cancellationToken).ConfigureAwait(false);
            var count = Math.Min(lent.Length, buffer.Length);
            buffer[..count].CopyTo(lent);
            CommitWritten(count);
            buffer = buffer[count..];
        }
    }

    /// <summary>
    /// Waits until the peer's UDT has acknowledged everything written, at most <paramref name="linger"/>, and tells the peer that this
    /// side is done. Harmless when the connection is over.
    /// </summary>
    /// <exception cref="UdtException">Not everything could be delivered.</exception>
    public async Task CloseAsync(TimeSpan linger, CancellationToken cancellationToken)
    {
        var wait = StartClose(linger);
        await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (CloseReason is var reason && reason != CloseReason.ClosedLocally && !_connection.IsDrained) throw new UdtException(reason);
    }

    /// <summary>Ends the connection at once; what was not delivered is lost, and the peer is told.</summary>
    public void Abort()
    {
        using var turn = _host.EnterTurn();
        _connection.Abort(turn.Now);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held back: what was written is on its way.
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <summary>A stream of packets cannot seek.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>A stream of packets has no length.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Closes politely, for at most some seconds.</summary>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync(DisposeLinger, CancellationToken.None).ConfigureAwait(false);
        }
        catch (UdtException)
        {
            // Who wants to know whether everything arrived calls CloseAsync.
        }

        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) Abort();
        base.Dispose(disposing);
    }

    /// <summary>Called inside a turn after each step: completes who can go on.</summary>
    internal void CompleteWaiters()
    {
        var closed = _connection.State == UdtState.Closed;
        if (_reader is not null && (closed || _connection.IsWorthReading)) Complete(ref _reader);
        if (_writer is not null && (_connection.State != UdtState.Connected || _connection.IsWorthWriting)) Complete(ref _writer);
        if (_closer is not null && _connection.IsSettled) Complete(ref _closer);
    }

    private async ValueTask<ReadOnlyMemory<byte>> LendReadableAsync(bool take, CancellationToken cancellationToken)
    {
        while (true)
        {
            var lent = TryLendReadable(take, out var wait);
            if (wait is null) return lent;
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private ReadOnlyMemory<byte> TryLendReadable(bool take, out Task? wait)
    {
        using var turn = _host.EnterTurn();
        wait = null;
        var lent = _connection.LendReadable();
        if (take) _connection.TakeRead(lent.Length);
        if (!lent.IsEmpty) return lent;
        if (_connection.State != UdtState.Closed) wait = Wait(ref _reader);
        else if (_connection.CloseReason is not (CloseReason.ClosedByPeer or CloseReason.ClosedLocally)) throw new UdtException(_connection.CloseReason);
        return default;
    }

    private void AdvanceRead(int count)
    {
        using var turn = _host.EnterTurn();
        _connection.AdvanceRead(count, turn.Now);
    }

    private async ValueTask<Memory<byte>> LendWritableAsync(bool goodPiece, CancellationToken cancellationToken)
    {
        while (true)
        {
            var lent = TryLendWritable(goodPiece, out var wait);
            if (wait is null) return lent;
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Memory<byte> TryLendWritable(bool goodPiece, out Task? wait)
    {
        using var turn = _host.EnterTurn();
        wait = null;
        if (_connection.State != UdtState.Connected) throw new UdtException(_connection.CloseReason);
        var lent = _connection.LendWritable();
        if (lent.IsEmpty || (goodPiece && !_connection.IsWorthWriting)) wait = Wait(ref _writer);
        return lent;
    }

    private Task StartClose(TimeSpan linger)
    {
        using var turn = _host.EnterTurn();
        _connection.Close(turn.Now, linger);
        return _connection.IsSettled ? Task.CompletedTask : Wait(ref _closer);
    }

    private static Task Wait(ref TaskCompletionSource? waiter) =>
        (waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private static void Complete(ref TaskCompletionSource? waiter)
    {
        waiter!.SetResult();
        waiter = null;
    }
}
