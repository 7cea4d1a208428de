using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams.IO.Receiving;
using P2PCopy.Datagrams.IO.Sending;
using P2PCopy.Datagrams.IO.Waiting;

namespace P2PCopy.Datagrams.IO;

/// <summary>
/// One loop, one thread, one socket: it moves datagrams between the socket and the machines, sleeps until their next deadline, and
/// lets the application in between by <see cref="EnterTurn"/>. Machines need no lock of their own; this is the only one.
/// </summary>
public sealed class UdpDriver : IProtocolHost, IDisposable
{
    /// <summary>The largest datagram that is sent or received, bytes.</summary>
    public const int MaxDatagramBytes = 9216;

    private readonly ProtocolMux _protocols = new();
    private readonly List<(IDatagramProtocol Protocol, Action<Instant> Stepped)> _observers = [];
    private readonly Lock _gate = new();
    private readonly ISocketWaiter _waiter;
    private readonly Thread _thread;
    private readonly bool _ownsSocket;
    private readonly UdpPort _port;
    private readonly SendBatch _sending = new();
    private readonly ReceiveBatch _received = new();
    private readonly FurtherSockets _further;
    private Instant _sleepsUntil = Instant.Zero;
    private Instant _latest = Instant.Zero;
    private volatile bool _stopping;
    private long _sendErrors;

    /// <summary>Takes over a bound UDP socket and starts its loop.</summary>
    /// <param name="socket">A bound, unconnected UDP socket; nobody else may read from it while the driver lives.</param>
    /// <param name="clock">The clock of the machines; the system's when <see langword="null"/>.</param>
    /// <param name="ownsSocket">Whether disposing the driver closes the socket.</param>
    public UdpDriver(Socket socket, MonotonicClock? clock = null, bool ownsSocket = true)
        : this(UdpPort.Open(socket), LinuxPollWaiter.TryCreate(socket) ?? (ISocketWaiter)new SelectWaiter(socket), clock, ownsSocket)
    {
    }

    internal UdpDriver(UdpPort port, ISocketWaiter waiter, MonotonicClock? clock = null, bool ownsSocket = true)
    {
        (_port, _waiter, _ownsSocket) = (port, waiter, ownsSocket);
        Clock = clock ?? MonotonicClock.System;
        LocalEndpoint = UdpEndpoint.From((IPEndPoint)Socket.LocalEndPoint!);
        _further = new FurtherSockets(Socket, Deliver);
        _thread = new Thread(Run) { IsBackground = true, Name = "p2pcopy udp" };
        _thread.Start();
    }

    /// <summary>The socket that is driven.</summary>
    public Socket Socket => _port.Socket;

    /// <summary>The clock whose instants the machines are given.</summary>
    public MonotonicClock Clock { get; }

    /// <summary>The address and port the socket was bound to when the driver took it over.</summary>
    public UdpEndpoint LocalEndpoint { get; }

    /// <summary>Datagrams the kernel refused to send: no route, blocked by the host's firewall, too long. They count as lost.</summary>
    public long SendErrors => Interlocked.Read(ref _sendErrors);

    /// <summary>Puts a machine on the socket, behind those that are already there.</summary>
    /// <param name="protocol">The machine. From now on it may be touched only inside a turn.</param>
    /// <param name="stepped">Called on the driver's thread, inside its turn, after each step: completes what became possible.</param>
    public void Add(IDatagramProtocol protocol, Action<Instant>? stepped = null)
    {
        using var turn = EnterTurn();
        _protocols.Add(protocol);
        if (stepped is not null) _observers.Add((protocol, stepped));
    }

    /// <summary>Takes a machine off the socket.</summary>
    public void Remove(IDatagramProtocol protocol)
    {
        using var turn = EnterTurn();
        _protocols.Remove(protocol);
        _observers.RemoveAll(observer => observer.Protocol == protocol);
    }

    /// <summary>
    /// Gives the caller the machines until the turn is disposed. The loop steps again when they have something due earlier than it
    /// would wake; what is complete already within the turn, the caller sees there. Keep it short.
    /// </summary>
    /// <example><code>using (var turn = driver.EnterTurn()) machine.Start(turn.Now);</code></example>
    public Turn EnterTurn()
    {
        _gate.Enter();
        return new Turn(this);
    }

    /// <summary>Says which sockets are needed beside the main one, in place of what was said before; others are closed. To be called within a turn.</summary>
    public void Need(SocketNeeds needs) => _further.Need(needs);

    /// <summary>Stops the loop and, when it owns it, closes the socket. Nothing is sent any more.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        _waiter.Wake();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _further.Dispose();
        _waiter.Dispose();
        _port.Dispose();
        if (_ownsSocket) Socket.Dispose();
    }

    private void Run()
    {
        var readable = false;
        while (!_stopping)
        {
            if (readable) _port.Receiver.Receive(_received);
            else _received.Clear();
            Instant next;
            lock (_gate)
            {
                var now = _latest = Clock.Now;
                for (var i = 0; i < _received.Count; i++) Handle(_received.BytesOf(i), _received[i], now);
                if (_protocols.NextTimeout <= now) _protocols.HandleTimeout(now);
                _sending.Fill(_protocols, now);
                for (var i = 0; i < _observers.Count; i++) _observers[i].Stepped(now);
                next = _protocols.NextTimeout;
                _sleepsUntil = _sending.Count == 0 ? next : Instant.Zero;
            }

            var busy = _sending.Count > 0 || _received.Count == ReceiveBatch.Places;
            if (_sending.Count > 0 && Send(_sending) is > 0 and var refused) Interlocked.Add(ref _sendErrors, refused);

            // After a batch there may be more at once, so the socket is only looked at.
            readable = busy || _waiter.WaitReadable(TimeUntil(next));
        }
    }

    // A train shares the time at which it was taken off the socket: the kernel does not tell when each of its datagrams came.
    private void Handle(ReadOnlySpan<byte> bytes, in ReceiveBatch.Arrival arrival, Instant now)
    {
        do
        {
            var datagram = bytes[..Math.Min(bytes.Length, arrival.DatagramBytes)];
            if (datagram.Length <= MaxDatagramBytes) _protocols.Handle(datagram, arrival.Remote, now);
            bytes = bytes[datagram.Length..];
        }
        while (!bytes.IsEmpty);
    }

    // What came by another socket than the main one, on the thread of those.
    private void Deliver(ReceiveBatch batch, ushort via)
    {
        lock (_gate)
        {
            if (_stopping) return;
            var now = _latest = Clock.Now;
            for (var i = 0; i < batch.Count; i++) Handle(batch.BytesOf(i), batch[i] with { Remote = batch[i].Remote.WithVia(via) }, now);
            _sleepsUntil = Instant.Zero;
        }

        _waiter.Wake();
    }

    private int Send(SendBatch batch)
    {
        var refused = 0;
        while (batch.TryTakeTrain(out var train, out var first))
            refused += first.Destination.Via == 0 ? _port.Send(train, first) : _further.Send(train, first);
        return refused;
    }

    private TimeSpan TimeUntil(Instant next)
    {
        if (next == Instant.Never) return Timeout.InfiniteTimeSpan;
        var left = next - Clock.Now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void LeaveTurn()
    {
        // The loop is woken only when it would sleep too long; most turns change nothing about that.
        var wake = !_stopping && _protocols.NextTimeout < _sleepsUntil;
        if (wake) _sleepsUntil = Instant.Zero;
        _gate.Exit();
        if (wake) _waiter.Wake();
    }

    /// <summary>The machines are the holder's until it is disposed.</summary>
    public readonly ref struct Turn
    {
        private readonly UdpDriver _driver;

        internal Turn(UdpDriver driver)
        {
            _driver = driver;
            Now = driver._latest = driver.Clock.Now;
        }

        /// <summary>The time of this turn.</summary>
        public Instant Now { get; }

        /// <summary>Hands the machines back to the loop.</summary>
        public void Dispose() => _driver.LeaveTurn();
    }
}
