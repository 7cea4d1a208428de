namespace P2PCopy.Datagrams;

/// <summary>
/// Several machines behind one socket: a datagram goes to the first machine that accepts it; who sends takes turns. The socket
/// that learned its public address by STUN so also carries the checks and then UDT.
/// </summary>
public sealed class ProtocolMux : IDatagramProtocol
{
    private readonly List<IDatagramProtocol> _protocols = [];
    private int _turn;

    /// <summary>Datagrams that no machine wanted.</summary>
    public long UnclaimedDatagrams { get; private set; }

    /// <summary>Adds a machine behind those that are already there.</summary>
    public void Add(IDatagramProtocol protocol) => _protocols.Add(protocol);

    /// <summary>Takes a machine out; harmless when it is not there.</summary>
    public void Remove(IDatagramProtocol protocol) => _protocols.Remove(protocol);

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => Find(datagram, remote) is not null;

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        // PROTOCOL RDV-1.
        if (Find(datagram, remote) is { } protocol) protocol.Handle(datagram, remote, now);
        else UnclaimedDatagrams++;
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        foreach (var protocol in _protocols) protocol.HandleTimeout(now);
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        for (var i = 0; i < _protocols.Count; i++)
        {
            _turn = (_turn + 1) % _protocols.Count;
            if (_protocols[_turn].TryTransmit(buffer, now, out transmit)) return true;
        }

        transmit = default;
        return false;
    }

    /// <inheritdoc/>
    public Instant NextTimeout
    {
        get
        {
            var next = Instant.Never;
            foreach (var protocol in _protocols) next = Instant.Min(next, protocol.NextTimeout);
            return next;
        }
    }

    private IDatagramProtocol? Find(ReadOnlySpan<byte> datagram, UdpEndpoint remote)
    {
        foreach (var protocol in _protocols)
            if (protocol.Accepts(datagram, remote)) return protocol;
        return null;
    }
}
