using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Stun;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.NatDetection;

/// <summary>STUN servers of a simulated internet, each of another operator.</summary>
internal sealed class SimStunServers(SimNetwork network)
{
    private const ushort StunPort = 3478;
    private const ushort OtherStunPort = 3479;

    private readonly Dictionary<UdpEndpoint, UdpEndpoint> _others = [];
    private int _servers;

    private SimHost AddHost() => network.PublicHost($"server{++_servers}");

    public UdpEndpoint Plain()
    {
        var host = AddHost();
        var endpoint = host.Address.WithPort(StunPort);
        host.Bind(StunPort, new StunServer(endpoint));
        return endpoint;
    }

    public UdpEndpoint Dead() => AddHost().Address.WithPort(StunPort);

    /// <summary>A server of RFC 5780 with two addresses and two ports.</summary>
    public UdpEndpoint Discovery()
    {
        var (first, second) = (AddHost(), AddHost());
        var sockets = new Dictionary<UdpEndpoint, (SimSocket Socket, StunServer Server)>();
        foreach (var (host, otherHost) in new[] { (first, second), (second, first) })
        {
            foreach (var (port, otherPort) in new[] { (StunPort, OtherStunPort), (OtherStunPort, StunPort) })
            {
                var (own, other) = (host.Address.WithPort(port), otherHost.Address.WithPort(otherPort));
                var server = new StunServer(own, other, (change, answer) =>
                {
                    var to = (change.HasFlag(StunChange.Address) ? other : own).WithPort(change.HasFlag(StunChange.Port) ? otherPort : port);
                    sockets[to].Socket.Command(_ => sockets[to].Server.Deliver(answer));
                });
                sockets[own] = (host.Bind(port, server), server);
            }
        }

        _others[first.Address.WithPort(StunPort)] = second.Address.WithPort(StunPort);
        return first.Address.WithPort(StunPort);
    }

    /// <summary>The other address of a server of RFC 5780, which is the next host's, with the port that is asked first.</summary>
    public UdpEndpoint OtherOf(UdpEndpoint server) => _others[server];

    /// <summary>A server that answers as it likes: request and client in, the answer out.</summary>
    public UdpEndpoint Odd(Func<byte[], UdpEndpoint, byte[]?> answer)
    {
        var host = AddHost();
        host.Bind(StunPort, new OddMachine(answer));
        return host.Address.WithPort(StunPort);
    }

    private sealed class OddMachine(Func<byte[], UdpEndpoint, byte[]?> answer) : IDatagramProtocol
    {
        private readonly Queue<(byte[] Bytes, UdpEndpoint To)> _owed = new();

        public Instant NextTimeout => _owed.Count > 0 ? Instant.Zero : Instant.Never;

        public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => true;

        public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
        {
            if (answer(datagram.ToArray(), remote) is { } bytes) _owed.Enqueue((bytes, remote));
        }

        public void HandleTimeout(Instant now)
        {
        }

        public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
        {
            transmit = default;
            if (!_owed.TryDequeue(out var owed)) return false;
            owed.Bytes.CopyTo(buffer);
            transmit = new Transmit(owed.Bytes.Length, owed.To);
            return true;
        }
    }
}
