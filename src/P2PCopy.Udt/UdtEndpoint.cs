using P2PCopy.Datagrams;
using P2PCopy.Udt.Handshake;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt;

/// <summary>
/// All UDT connections of one UDP port, as a pure machine: hands each datagram to the connection it names, answers clients when it
/// listens, and lets connections take turns at sending.
/// </summary>
/// <example><code>
/// var endpoint = new UdtEndpoint(new UdtOptions(), random, now);
/// var connection = endpoint.Rendezvous(peer, now);
/// // … the loop of IDatagramProtocol …
/// if (connection.State == UdtState.Connected) connection.Write(bytes);
/// </code></example>
public sealed class UdtEndpoint : IDatagramProtocol
{
    private const uint LargestSocketId = 1 << 30;

    private readonly UdtOptions _options;
    private readonly Func<uint> _random;
    private readonly List<UdtConnection> _connections = [];
    private readonly Queue<UdtConnection> _accepted = new();
    private readonly UdtListener _listener;
    private uint _nextSocketId;
    private int _turn;

    /// <summary>An endpoint without connections.</summary>
    /// <param name="options">What its connections are like.</param>
    /// <param name="random">32 random bits a call: for socket ids, sequence numbers and the cookie's key, so they must be unpredictable.</param>
    /// <param name="start">Now.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its bounds.</exception>
    public UdtEndpoint(UdtOptions options, Func<uint> random, Instant start)
    {
        options.Validate();
        _options = options;
        _random = random;
        _nextSocketId = (random() % LargestSocketId) + 1;
        _listener = new UdtListener(random, start);
    }

    /// <summary>Datagrams that were for nobody: an unknown id, a wrong address, or not UDT at all.</summary>
    public long PacketsForNobody { get; private set; }

    /// <summary>Connections that are open or were closed within the last seconds.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Starts to connect to a listener.</summary>
    public UdtConnection Connect(UdpEndpoint remote, Instant now)
    {
        var local = CreateLocal(remote, _options.InitialSequence);
        return Add(UdtConnection.Begin(_options, local, remote, new CallerHandshake(local, remote, now), _options.ConnectTimeout, now));
    }

    /// <summary>Starts to connect to a peer that does the same towards us.</summary>
    public UdtConnection Rendezvous(UdpEndpoint remote, Instant now)
    {
        var local = CreateLocal(remote, _options.InitialSequence);
        return Add(UdtConnection.Begin(
            _options, local, remote, new RendezvousHandshake(local, remote, now), _options.RendezvousTimeout, now));
    }

    /// <summary>Accepts clients from now on; at most <paramref name="backlog"/> may wait for <see cref="TryAccept"/>.</summary>
    public void Listen(int backlog) => _listener.Backlog = backlog;

    /// <summary>The next client's connection.</summary>
    public bool TryAccept(out UdtConnection? connection) => _accepted.TryDequeue(out connection);

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) =>
        PacketHeader.TryRead(datagram, out var header) && (Find(header, remote) is not null || IsForListener(datagram, header));

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (!PacketHeader.TryRead(datagram, out var header)) PacketsForNobody++;
        else if (Find(header, remote) is { } connection)
        {
            if (connection.Remote != remote) connection.Adopt(remote);
            connection.Handle(datagram, header, now);
        }
        else if (IsForListener(datagram, header)) Listen(datagram, remote, now);
        else PacketsForNobody++;
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        for (var i = _connections.Count - 1; i >= 0; i--)
        {
            _connections[i].HandleTimeout(now);
            if (_connections[i].IsForgotten) _connections.RemoveAt(i);
        }
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        if (_listener.TryTransmit(buffer, out transmit)) return true;
        for (var i = 0; i < _connections.Count; i++)
        {
            _turn = (_turn + 1) % _connections.Count;
            var connection = _connections[_turn];
            var length = connection.Transmit(buffer, now);
            if (length == 0) continue;
            transmit = new Transmit(length, connection.Remote);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public Instant NextTimeout
    {
        get
        {
            var next = _listener.HasAnswers ? Instant.Zero : Instant.Never;
            foreach (var connection in _connections) next = Instant.Min(next, connection.NextTimeout);
            return next;
        }
    }

    private bool IsForListener(ReadOnlySpan<byte> datagram, in PacketHeader header) =>
        _listener.Backlog > 0 && header.Destination == 0 && header.IsControl && header.Type == ControlType.Handshake
        && datagram.Length == HandshakePacket.Length;

    // PROTOCOL UDT-1.
    // Id 0 is a handshake for the rendezvous with that address; any other packet with id 0 is noise and must not end a connect.
    private UdtConnection? Find(in PacketHeader header, UdpEndpoint remote)
    {
        var isHandshake = header.IsControl && header.Type == ControlType.Handshake;
        UdtConnection? found = null;
        foreach (var connection in _connections)
        {
            if (connection.Remote != remote)
            {
                if (header.Destination == 0 && isHandshake && connection.MayAdopt(remote)) found ??= connection;
                continue;
            }

            if (connection.SocketId == header.Destination) return connection;

            // The newest attempt stands last.
            if (header.Destination == 0 && isHandshake && connection.IsRendezvous && connection.State != UdtState.Closed) found = connection;
        }

        return found;
    }

    private void Listen(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (!HandshakePacket.TryRead(datagram, out var packet)) return;
        foreach (var known in _connections)
        {
            if (packet.Request != RequestType.Conclusion || !known.Answers(remote, packet.SocketId, packet.InitialSequence)) continue;
            known.RepeatResponse();
            return;
        }

        if (!_listener.TryConclude(packet, remote, isFull: _accepted.Count >= _listener.Backlog, now, out var peer)) return;

        // A server counts in both directions from the client's number.
        var local = CreateLocal(remote, peer.InitialSequence);
        _accepted.Enqueue(Add(UdtConnection.Accept(_options, local, remote, peer, packet.Cookie, now)));
    }

    private LocalParameters CreateLocal(UdpEndpoint remote, SequenceNumber? initial)
    {
        if (--_nextSocketId == 0) _nextSocketId = LargestSocketId;

        // PROTOCOL UDT-4. UDT counts 28 bytes of IP and UDP header; IPv6 has 20 more.
        var mss = remote.IsIPv4 ? _options.Mss : Math.Max(_options.Mss - 20, UdtOptions.MinMss);
        var window = UdtOptions.WindowOf(_options.ReceiveBufferPackets);
        return new LocalParameters(
            _nextSocketId, initial ?? new SequenceNumber(_random()), mss, window, _options.SocketType, _options.DeliveryReports);
    }

    private UdtConnection Add(UdtConnection connection)
    {
        _connections.Add(connection);
        return connection;
    }
}
