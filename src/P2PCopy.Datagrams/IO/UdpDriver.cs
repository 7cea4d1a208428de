using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams.IO.Receiving;
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

    private const int BatchSize = 32;

    private readonly ProtocolMux _protocols = new();
    private readonly List<(IDatagramProtocol Protocol, Action<Instant> Stepped)> _observers = [];
    private readonly Lock _gate = new();
    private readonly ISocketWaiter _waiter;
    private readonly Thread _thread;
    private readonly bool _ownsSocket;
    private readonly byte[] _sendSlab = GC.AllocateUninitializedArray<byte>(BatchSize * MaxDatagramBytes, pinned: true);
    private readonly byte[] _receiveSlab = GC.AllocateUninitializedArray<byte>(BatchSize * MaxDatagramBytes, pinned: true);
    private readonly Transmit[] _sends = new Transmit[BatchSize];
    private readonly (int Length, UdpEndpoint Remote, Instant At)[] _receives = new (int, UdpEndpoint, Instant)[BatchSize];
    private readonly SocketAddress _sendAddress;
    private readonly IDatagramReceiver _receiver;
    private readonly PacketOptions _packetOptions;
    private Instant _sleepsUntil = Instant.Zero;
    private Instant _latest = Instant.Zero;
    private volatile bool _stopping;
    private long _sendErrors;

    /// <summary>Takes over a bound UDP socket and starts its loop.</summary>
    /// <param name="socket">A bound, unconnected UDP socket; nobody else may read from it while the driver lives.</param>
    /// <param name="clock">The clock of the machines; the system's when <see langword="null"/>.</param>
    /// <param name="ownsSocket">Whether disposing the driver closes the socket.</param>
    public UdpDriver(Socket socket, MonotonicClock? clock = null, bool ownsSocket = true)
        : this(
            socket,
            LinuxPollWaiter.TryCreate(socket) ?? (ISocketWaiter)new SelectWaiter(socket),
            LinuxReceiver.TryCreate(socket) ?? (IDatagramReceiver)new SocketReceiver(socket),
            clock,
            ownsSocket)
    {
    }

    internal UdpDriver(Socket socket, ISocketWaiter waiter, IDatagramReceiver receiver, MonotonicClock? clock = null, bool ownsSocket = true)
    {
        Socket = socket;
        Clock = clock ?? MonotonicClock.System;
        _ownsSocket = ownsSocket;
        _waiter = waiter;
        _sendAddress = SocketAddressExtensions.CreateEmpty(socket.AddressFamily);
        _receiver = receiver;
        _packetOptions = new PacketOptions(socket);
        LocalEndpoint = UdpEndpoint.From((IPEndPoint)socket.LocalEndPoint!);
        _thread = new Thread(Run) { IsBackground = true, Name = "p2pcopy udp" };
        _thread.Start();
    }

    /// <summary>The socket that is driven.</summary>
    public Socket Socket { get; }

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

    /// <summary>Stops the loop and, when it owns it, closes the socket. Nothing is sent any more.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        _waiter.Wake();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _waiter.Dispose();
        (_receiver as IDisposable)?.Dispose();
        if (_ownsSocket) Socket.Dispose();
    }

    private void Run()
    {
        var readable = false;
        while (!_stopping)
        {
            var received = readable ? Receive() : 0;
            int sending;
            Instant next;
            lock (_gate)
            {
                for (var i = 0; i < received; i++)
                {
                    // The application may have had a turn since the datagram arrived; time must not go backwards.
                    _latest = Instant.Max(_latest, _receives[i].At);
                    _protocols.Handle(_receiveSlab.AsSpan(i * MaxDatagramBytes, _receives[i].Length), _receives[i].Remote, _latest);
                }

                var now = _latest = Clock.Now;
                if (_protocols.NextTimeout <= now) _protocols.HandleTimeout(now);
                for (sending = 0; sending < BatchSize; sending++)
                    if (!_protocols.TryTransmit(_sendSlab.AsSpan(sending * MaxDatagramBytes, MaxDatagramBytes), now, out _sends[sending])) break;
                for (var i = 0; i < _observers.Count; i++) _observers[i].Stepped(now);
                next = _protocols.NextTimeout;
                _sleepsUntil = sending == 0 ? next : Instant.Zero;
            }

            for (var i = 0; i < sending; i++) Send(_sendSlab.AsSpan(i * MaxDatagramBytes, _sends[i].Length), _sends[i]);
            readable = Wait(sending > 0, next);
        }
    }

    // After a batch there may be more to send at once, so the socket is only looked at.
    private bool Wait(bool busy, Instant next)
    {
        if (busy) return _waiter.WaitReadable(TimeSpan.Zero);
        var timeout = next == Instant.Never ? Timeout.InfiniteTimeSpan : next - Clock.Now;
        if (next != Instant.Never && timeout < TimeSpan.Zero) timeout = TimeSpan.Zero;
        return _waiter.WaitReadable(timeout);
    }

    private int Receive()
    {
        var count = 0;
        while (count < BatchSize && _receiver.TryReceive(_receiveSlab.AsSpan(count * MaxDatagramBytes, MaxDatagramBytes), out var length, out var remote))
        {
            // Each has its own time: what arrives between two packets tells how fast the path is.
            _receives[count++] = (length, remote, Clock.Now);
        }

        return count;
    }

    private void Send(ReadOnlySpan<byte> datagram, Transmit transmit)
    {
        try
        {
            if (!_sendAddress.TryWriteEndpoint(transmit.Destination))
            {
                Interlocked.Increment(ref _sendErrors);
                return;
            }

            _packetOptions.Apply(transmit);
            Socket.SendTo(datagram, SocketFlags.None, _sendAddress);
        }
        catch (SocketException)
        {
            // No route, interface down, forbidden by the local firewall: for UDP that is a lost datagram, never the end.
            Interlocked.Increment(ref _sendErrors);
        }
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
