namespace P2PCopy.Datagrams;

/// <summary>
/// Several machines behind one socket: a datagram goes to the first machine that accepts it; who sends takes turns. The socket
/// that learned its public address by STUN so also carries the checks and then UDT.
/// </summary>
public sealed class ProtocolMux : IDatagramProtocol
{
    // Asking all others before each datagram of one that has many costs more than it is fair.
    private const int LongestRun = 16;

    private readonly List<IDatagramProtocol> _protocols = [];
    private int _turn;
    private int _run;

    /// <summary>Datagrams that no machine wanted.</summary>
    public long UnclaimedDatagrams { get; private set; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _protocols.Count == 0;

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
        // One more than there are: a run that ends here has its owner asked again behind the others.
        for (var left = _protocols.Count; left >= 0 && _protocols.Count > 0; left--)
        {
            if (_run < LongestRun && _turn < _protocols.Count && _protocols[_turn].TryTransmit(buffer, now, out transmit))
            {
                _run++;
                return true;
            }

            _turn = (_turn + 1) % _protocols.Count;
            _run = 0;
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
