using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>A computer: one IPv4 address, perhaps an IPv6 address, and sockets that machines run on.</summary>
public sealed class SimHost : SimNode
{
    private const ushort FirstEphemeralPort = 49152;

    private readonly Dictionary<ushort, (SimSocket Socket, ushort Via)> _sockets = [];
    private ushort _nextPort = FirstEphemeralPort;

    internal SimHost(SimNetwork network, string name, SimNode parent, UdpEndpoint address, UdpEndpoint? addressV6) : base(network, name, parent)
    {
        Address = address.WithPort(0);
        AddressV6 = addressV6?.WithPort(0);
        parent.Announce(Address, this);
        if (AddressV6 is { } v6) parent.Announce(v6, this);
    }

    /// <summary>Its own IPv4 address, with port 0; behind a NAT a private one.</summary>
    public UdpEndpoint Address { get; private set; }

    /// <summary>Its own IPv6 address, with port 0, if it has one.</summary>
    public UdpEndpoint? AddressV6 { get; private set; }

    /// <summary>How far the wall clock of this host is ahead of the true time.</summary>
    public TimeSpan WallClockError { get; set; }

    /// <summary>The wall clock of this host.</summary>
    public DateTimeOffset UtcNow => Network.UtcNow + WallClockError;

    /// <summary>The NATs and firewalls between this host and the internet, the nearest first.</summary>
    public IEnumerable<Nats.SimNat> Nats
    {
        get
        {
            for (var node = Parent; node is Nats.SimNat nat; node = nat.Parent) yield return nat;
        }
    }

    /// <summary>Opens a socket and lets a machine run on it.</summary>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="protocol">The machine.</param>
    /// <param name="stepped">
    /// What the application does after each step of the machine: read its events, give it more. What it causes leaves at once.
    /// </param>
    public SimSocket Bind(ushort port, IDatagramProtocol protocol, Action<Instant>? stepped = null)
    {
        if (port == 0) port = FreePort();
        var socket = new SimSocket(this, port, protocol, stepped);
        if (!_sockets.TryAdd(port, (socket, 0))) throw new InvalidOperationException($"port {port} of {Name} is in use");
        Network.Add(socket);
        return socket;
    }

    /// <summary>Leaves its place and appears in another, with other addresses. Its sockets stay open.</summary>
    internal void MoveTo(SimNode parent, UdpEndpoint address, UdpEndpoint? addressV6)
    {
        Parent!.Withdraw(Address, this);
        if (AddressV6 is { } former) Parent.Withdraw(former, this);
        (Up, Down) = (null, null);
        Parent = parent;
        Address = address.WithPort(0);
        AddressV6 = addressV6?.WithPort(0);
        parent.Announce(Address, this);
        if (AddressV6 is { } v6) parent.Announce(v6, this);
    }

    /// <summary>Opens a further socket for the machine of another one.</summary>
    internal ushort BindFurther(SimSocket socket, ushort via)
    {
        var port = FreePort();
        _sockets.Add(port, (socket, via));
        return port;
    }

    internal void Unbind(ushort port) => _sockets.Remove(port);

    private ushort FreePort()
    {
        while (_sockets.ContainsKey(_nextPort)) _nextPort++;
        return _nextPort++;
    }

    internal void Send(ushort port, ReadOnlySpan<byte> payload, Transmit transmit)
    {
        var datagram = Network.Pool.Rent(payload.Length);
        payload.CopyTo(datagram.Buffer);
        datagram.Length = payload.Length;
        datagram.HeaderBytes = transmit.Destination.IsIPv4 ? 28 : 48;
        datagram.Source = (transmit.Destination.IsIPv4 ? Address : AddressV6 ?? default).WithPort(port);
        datagram.Destination = transmit.Destination.WithVia(0);
        datagram.TimeToLive = transmit.TimeToLive == 0 ? SimDatagram.DefaultTimeToLive : transmit.TimeToLive;
        datagram.DontFragment = transmit.DontFragment;
        if (!transmit.Destination.IsIPv4 && AddressV6 is null) Drop(datagram, "no IPv6");
        else if (Network.Loses?.Invoke(datagram) == true) Drop(datagram, "lost on purpose");
        else SendUp(datagram);
    }

    internal override void ArriveFromBelow(SimDatagram datagram) => Drop(datagram, "nothing below");

    internal override void ArriveFromAbove(SimDatagram datagram)
    {
        if (!datagram.Destination.SameAddress(Address) && (AddressV6 is not { } v6 || !datagram.Destination.SameAddress(v6)))
        {
            Drop(datagram, "moved away");
            return;
        }

        if (!_sockets.TryGetValue(datagram.Destination.Port, out var bound))
        {
            Drop(datagram, "port closed");
            return;
        }

        Network.Trace.Add(Network.Now, Name, "received", datagram);
        bound.Socket.Receive(datagram, bound.Via);
        Network.Pool.Return(datagram);
    }
}
