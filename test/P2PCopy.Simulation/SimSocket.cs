using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;

namespace P2PCopy.Simulation;

/// <summary>
/// A socket that runs one machine by the one loop: an input, drain, wait until the deadline. It holds the machine to its contract.
/// </summary>
public sealed class SimSocket : IScheduled, IDisposable
{
    /// <summary>How often a machine may want to be called again at the same instant before that counts as spinning.</summary>
    public const int MaxRoundsPerInstant = 16;

    /// <summary>How many datagrams a machine may send at one instant.</summary>
    public const int MaxTransmitsPerInstant = 100_000;

    private readonly SimHost _host;
    private readonly ushort _port;
    private readonly IDatagramProtocol _protocol;
    private readonly Action<Instant>? _stepped;
    private readonly byte[] _buffer = new byte[UdpDriver.MaxDatagramBytes];
    private readonly Dictionary<ushort, ushort> _further = [];
    private SocketNeeds _needs;
    private Instant _wake = Instant.Never;
    private Instant _lastStep;
    private int _transmits;
    private bool _inside;
    private bool _closed;

    internal SimSocket(SimHost host, ushort port, IDatagramProtocol protocol, Action<Instant>? stepped)
    {
        _host = host;
        _protocol = protocol;
        _stepped = stepped;
        _port = port;
    }

    /// <summary>The address of the host and the port of this socket.</summary>
    public UdpEndpoint Local => _host.Address.WithPort(_port);

    /// <summary>Datagrams the machine sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Datagrams that came for the machine.</summary>
    public long Received { get; private set; }

    /// <summary>Datagrams that came and that the machine did not want.</summary>
    public long Unclaimed { get; private set; }

    /// <summary>Gives the machine a command from outside and lets it act on it, as a turn of the real driver does.</summary>
    public void Command(Action<Instant> command)
    {
        command(_host.Network.Now);
        Step();
    }

    /// <summary>Drains the machine after it was commanded directly. The network does so itself when it starts to run.</summary>
    public void Step()
    {
        // A command out of the machine's own step is looked at when that step ends.
        if (!_inside && !_closed) Settle(_host.Network.Now);
    }

    /// <summary>Closes the socket: the machine is called no more, what comes finds a closed port.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        Need(default);
        _host.Unbind(_port);
        _host.Network.Remove(this);
    }

    /// <summary>Says which sockets the machine needs beside this one, as the real driver is told; others are closed.</summary>
    public void Need(SocketNeeds needs)
    {
        _needs = needs;
        foreach (var via in _further.Keys.Where(via => !needs.Include(via)).ToArray())
        {
            _further.Remove(via, out var port);
            _host.Unbind(port);
        }
    }

    /// <summary>Sockets that are open beside this one.</summary>
    public int FurtherSockets => _further.Count;

    void IScheduled.Fire(Instant at)
    {
        if (at != _wake || _closed) return;
        _wake = Instant.Never;
        if (_protocol.NextTimeout > at)
        {
            // The deadline has moved on since; a machine may move it with every datagram, so that is looked at only now.
            Reschedule();
            return;
        }

        _protocol.HandleTimeout(at);
        Settle(at);
    }

    internal void Receive(SimDatagram datagram, ushort via)
    {
        var source = datagram.Source.WithVia(via);
        if (!_protocol.Accepts(datagram.Payload, source))
        {
            Unclaimed++;
            return;
        }

        Received++;
        var now = _host.Network.Now;
        _protocol.Handle(datagram.Payload, source, now);
        Settle(now);
    }

    // After an input the machine is drained, the application looks, and a deadline that has come is served, until all is quiet.
    private void Settle(Instant now)
    {
        if (now > _lastStep)
        {
            _lastStep = now;
            _transmits = 0;
        }

        _inside = true;
        for (var round = 0; ; round++)
        {
            Drain(now);
            if (_stepped is not null)
            {
                _stepped(now);
                if (_closed) break;
                Drain(now);
            }

            if (_protocol.NextTimeout > now) break;
            if (round == MaxRoundsPerInstant) throw Breach($"its deadline stays at {_protocol.NextTimeout}, which is not after {now}: it spins");
            _protocol.HandleTimeout(now);
        }

        _inside = false;
        if (!_closed) Reschedule();
    }

    private void Reschedule()
    {
        if (_protocol.NextTimeout >= _wake) return;
        _wake = _protocol.NextTimeout;
        _host.Network.Schedule(_wake, this);
    }

    private void Drain(Instant now)
    {
        while (_protocol.TryTransmit(_buffer, now, out var transmit))
        {
            if (transmit.Length < 1 || transmit.Length > _buffer.Length) throw Breach($"a datagram of {transmit.Length} bytes");
            if (transmit.Destination.Port == 0) throw Breach("a datagram to port 0");
            if (++_transmits > MaxTransmitsPerInstant) throw Breach("it sends without end at one instant");
            if (!TryPort(transmit.Destination.Via, out var port)) continue;
            Sent++;
            _host.Send(port, _buffer.AsSpan(0, transmit.Length), transmit);
        }
    }

    // A machine may still have something to say by a socket that it needs no more; that is lost.
    private bool TryPort(ushort via, out ushort port)
    {
        port = _port;
        if (via == 0 || _further.TryGetValue(via, out port)) return true;
        if (!_needs.Include(via)) return false;
        _further[via] = port = _host.BindFurther(this, via);
        return true;
    }

    private SimulationException Breach(string what) =>
        _host.Network.Fail($"{_protocol.GetType().Name} on {_host.Name} ({Local}) breaks its contract: {what}");
}
