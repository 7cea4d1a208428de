using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;

namespace P2PCopy.Udt.IO;

/// <summary>
/// UDT on one UDP port, with the face of a socket: connect, rendezvous, listen, accept. It can take over a UDP socket that is bound
/// already, and share one with other protocols; so an address that was learned by STUN stays valid.
/// </summary>
public sealed class UdtSocket : IAsyncDisposable
{
    private readonly IProtocolHost _host;
    private readonly UdpDriver? _ownDriver;
    private readonly UdtEndpoint _endpoint;
    private readonly List<UdtStream> _streams = [];
    private readonly List<(UdtConnection Connection, TaskCompletionSource Waiter)> _connecting = [];
    private readonly Queue<TaskCompletionSource<UdtConnection>> _accepting = new();
    private bool _joined;
    private bool _disposed;

    /// <summary>UDT beside other protocols, on a socket's driver or on a link of another kind. The host stays the caller's.</summary>
    public UdtSocket(IProtocolHost host, UdtOptions? options = null)
        : this(host, options, ownDriver: null)
    {
    }

    private UdtSocket(IProtocolHost host, UdtOptions? options, UdpDriver? ownDriver)
    {
        _host = host;
        _ownDriver = ownDriver;
        _endpoint = new UdtEndpoint(options ?? new UdtOptions(), NextRandom, host.Clock.Now);
    }

    /// <summary>The local address and port.</summary>
    public UdpEndpoint LocalEndpoint => _host.LocalEndpoint;

    /// <summary>UDT on a UDP port of its own.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static UdtSocket Bind(IPEndPoint local, UdtOptions? options = null) => TakeOver(UdpSocket.Open(local), options);

    /// <summary>UDT on a UDP socket that is bound already; from now on it belongs to this object.</summary>
    public static UdtSocket TakeOver(Socket boundUdpSocket, UdtOptions? options = null)
    {
        var driver = new UdpDriver(boundUdpSocket);
        return new UdtSocket(driver, options, driver);
    }

    /// <summary>Connects to a listener.</summary>
    /// <exception cref="UdtException">Nobody answered, or the listener refused.</exception>
    public Task<UdtStream> ConnectAsync(UdpEndpoint remote, CancellationToken cancellationToken)
    {
        using var turn = EnterTurn();
        Join();
        return FinishConnectAsync(_endpoint.Connect(remote, turn.Now), cancellationToken);
    }

    /// <summary>Connects to a peer that does the same towards this socket: UDP hole punching.</summary>
    /// <exception cref="UdtException">The peer was not met in time.</exception>
    public Task<UdtStream> RendezvousAsync(UdpEndpoint remote, CancellationToken cancellationToken)
    {
        using var turn = EnterTurn();
        Join();
        return FinishConnectAsync(_endpoint.Rendezvous(remote, turn.Now), cancellationToken);
    }

    /// <summary>Lets clients connect.</summary>
    /// <param name="backlog">Connections that may wait to be accepted; more are refused.</param>
    public void Listen(int backlog = 16)
    {
        using var turn = EnterTurn();
        Join();
        _endpoint.Listen(backlog);
    }

    /// <summary>Waits for the next client.</summary>
    public async Task<UdtStream> AcceptAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<UdtConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (EnterTurn())
        {
            _accepting.Enqueue(waiter);
            CompleteAccepts();
        }

        using var registration = cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
        return Open(await waiter.Task.ConfigureAwait(false));
    }

    /// <summary>Gives up what is still open and frees the port when it is this object's own.</summary>
    public async ValueTask DisposeAsync()
    {
        Task settled;
        using (var turn = _host.EnterTurn())
        {
            if (_disposed) return;
            _disposed = true;
            foreach (var stream in _streams) stream.Abort();
            foreach (var (connection, _) in _connecting) connection.Abort(turn.Now);
            foreach (var waiter in _accepting) waiter.TrySetException(new UdtException(CloseReason.Aborted));
            settled = Task.WhenAll(_streams.Select(stream => stream.CloseAsync(TimeSpan.Zero, CancellationToken.None)));
        }

        try
        {
            // The peers are told before the socket goes.
            await settled.ConfigureAwait(false);
        }
        catch (UdtException)
        {
            // They were given up; that not everything was delivered is understood.
        }

        _host.Remove(_endpoint);
        _ownDriver?.Dispose();
    }

    // Within the turn that makes the first connection: what a peer has sent already, and its host has kept, finds one.
    private void Join()
    {
        if (_joined) return;
        _joined = true;
        _host.Add(_endpoint, Step);
    }

    private UdpDriver.Turn EnterTurn()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _host.EnterTurn();
    }

    private async Task<UdtStream> FinishConnectAsync(UdtConnection connection, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connecting.Add((connection, waiter));
        try
        {
            await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            using var turn = _host.EnterTurn();
            connection.Abort(turn.Now);
            throw;
        }

        return Open(connection);
    }

    private UdtStream Open(UdtConnection connection)
    {
        using var turn = _host.EnterTurn();
        if (connection.State == UdtState.Closed && connection.CloseReason != CloseReason.ClosedByPeer) throw new UdtException(connection.CloseReason);
        var stream = new UdtStream(_host, connection);
        _streams.Add(stream);
        return stream;
    }

    // Inside the driver's turn, after each step.
    private void Step(Instant now)
    {
        for (var i = _connecting.Count - 1; i >= 0; i--)
        {
            if (_connecting[i].Connection.State == UdtState.Connecting) continue;
            _connecting[i].Waiter.TrySetResult();
            _connecting.RemoveAt(i);
        }

        for (var i = _streams.Count - 1; i >= 0; i--)
        {
            _streams[i].CompleteWaiters();
            if (_streams[i].IsOver) _streams.RemoveAt(i);
        }

        CompleteAccepts();
    }

    private void CompleteAccepts()
    {
        while (_accepting.TryPeek(out var waiter))
        {
            if (waiter.Task.IsCompleted)
            {
                _accepting.Dequeue();
                continue;
            }

            if (!_endpoint.TryAccept(out var connection)) return;
            _accepting.Dequeue();

            // A waiter that was cancelled in this moment leaves its client without a server.
            if (!waiter.TrySetResult(connection!)) connection!.Abort(_host.Clock.Now);
        }
    }

    private static uint NextRandom()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(bytes);
        return MemoryMarshal.Read<uint>(bytes);
    }
}
