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
    private Action? _reader;
    private Action? _writer;
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
    public bool TryTakeReadable(Action readable, out ReadOnlyMemory<byte> bytes) => TryLendReadable(take: true, readable, out bytes);

    /// <summary>Waits until <see cref="TryTakeReadable"/> has something.</summary>
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
    public bool TryLendWritable(Action writable, out Memory<byte> room) => TryLendWritable(goodPiece: true, writable, out room);

    /// <summary>Waits until <see cref="TryLendWritable(Action, out Memory{byte})"/> has something.</summary>
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
        if (_reader is not null && (closed || _connection.IsWorthReading)) Tell(ref _reader);
        if (_writer is not null && (_connection.State != UdtState.Connected || _connection.IsWorthWriting)) Tell(ref _writer);
        if (_closer is not null && _connection.IsSettled)
        {
            _closer.SetResult();
            _closer = null;
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> LendReadableAsync(bool take, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryLendReadable(take, null, out var lent)) return lent;
            var waiter = NewWaiter();
            if (TryLendReadable(take, waiter.SetResult, out lent)) return lent;
            await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool TryLendReadable(bool take, Action? readable, out ReadOnlyMemory<byte> lent)
    {
        using var turn = _host.EnterTurn();
        lent = _connection.LendReadable();
        if (take) _connection.TakeRead(lent.Length);
        if (!lent.IsEmpty) return true;
        if (_connection.State == UdtState.Closed)
            return _connection.CloseReason is CloseReason.ClosedByPeer or CloseReason.ClosedLocally ? true : throw new UdtException(_connection.CloseReason);
        _reader = readable ?? _reader;
        return false;
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
            if (TryLendWritable(goodPiece, null, out var lent)) return lent;
            var waiter = NewWaiter();
            if (TryLendWritable(goodPiece, waiter.SetResult, out lent)) return lent;
            await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool TryLendWritable(bool goodPiece, Action? writable, out Memory<byte> lent)
    {
        using var turn = _host.EnterTurn();
        if (_connection.State != UdtState.Connected) throw new UdtException(_connection.CloseReason);
        lent = _connection.LendWritable();
        if (!lent.IsEmpty && (!goodPiece || _connection.IsWorthWriting)) return true;
        _writer = writable ?? _writer;
        lent = default;
        return false;
    }

    private Task StartClose(TimeSpan linger)
    {
        using var turn = _host.EnterTurn();
        _connection.Close(turn.Now, linger);
        return _connection.IsSettled ? Task.CompletedTask : (_closer ??= NewWaiter()).Task;
    }

    private static TaskCompletionSource NewWaiter() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Tell(ref Action? waiter)
    {
        var told = waiter!;
        waiter = null;
        told();
    }
}
