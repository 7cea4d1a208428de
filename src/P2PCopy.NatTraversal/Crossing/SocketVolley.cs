using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Crossing;

/// <summary>
/// Many further sockets that write to one address, so that our NAT gives us as many ports at which a guess of the peer comes in. They
/// write again before a NAT forgets them.
/// </summary>
// PROTOCOL PATH-19.
internal sealed class SocketVolley
{
    private const int AtOnce = 64;

    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    private UdpEndpoint _target;
    private Instant _began;
    private Instant _endsAt;
    private int _sent;

    /// <summary>The number of the first socket.</summary>
    public ushort First { get; private set; } = 1;

    /// <summary>How many there are; 0 when there are none.</summary>
    public ushort Count { get; private set; }

    /// <summary>When the next datagram is due.</summary>
    public Instant Next { get; private set; } = Instant.Never;

    /// <summary>Other sockets than before, for a target.</summary>
    public void Begin(UdpEndpoint target, int count)
    {
        First = First + Count + count > ushort.MaxValue ? (ushort)1 : (ushort)(First + Count);
        (_target, Count, Next) = (target, (ushort)count, Instant.Never);
    }

    /// <summary>A round begins.</summary>
    public void BeginRound(Instant now, TimeSpan length) => (_began, _endsAt, _sent, Next) = (now, now + length, 0, now);

    /// <summary>Nothing more is sent, and none of the sockets is needed any more.</summary>
    public void Stop()
    {
        First += Count;
        (Count, Next) = (0, Instant.Never);
    }

    /// <summary>Nothing more is sent; what comes is still heard.</summary>
    public void Pause() => Next = Instant.Never;

    /// <summary>The next address with the socket that writes there, if one is due.</summary>
    public bool TryNext(Instant now, out UdpEndpoint destination)
    {
        destination = default;
        if (Next > now) return false;
        destination = _target.WithVia((ushort)(First + _sent++));
        if (_sent < Count) Next = _began + (Gap * (_sent / AtOnce));
        else (_began, _sent, Next) = (_began + Renewal, 0, _began + Renewal);
        if (Next >= _endsAt) Next = Instant.Never;
        return true;
    }
}
