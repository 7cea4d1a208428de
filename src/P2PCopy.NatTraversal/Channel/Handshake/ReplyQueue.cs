using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>Answers that wait to be sent: a ring of fixed size. When it is full the newest is lost, as any datagram may be.</summary>
internal sealed class ReplyQueue
{
    private const int Capacity = 16;

    private readonly byte[] _bytes = new byte[Capacity * HandshakePacket.MaxLength];
    private readonly (int Length, UdpEndpoint Destination)[] _entries = new (int, UdpEndpoint)[Capacity];
    private int _first;
    private int _count;

    /// <summary>Room for the next answer, or an empty span when the ring is full; <see cref="Commit"/> follows.</summary>
    public Span<byte> Next => _count == Capacity ? default : Slot((_first + _count) % Capacity);

    /// <summary>Queues what was written into <see cref="Next"/>.</summary>
    public void Commit(int length, UdpEndpoint destination) => _entries[(_first + _count++) % Capacity] = (length, destination);

    /// <summary>Takes the oldest answer.</summary>
    public bool TryTake(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        if (_count == 0) return false;
        var (length, destination) = _entries[_first];
        Slot(_first)[..length].CopyTo(buffer);
        transmit = new Transmit(length, destination);
        (_first, _count) = ((_first + 1) % Capacity, _count - 1);
        return true;
    }

    private Span<byte> Slot(int index) => _bytes.AsSpan(index * HandshakePacket.MaxLength, HandshakePacket.MaxLength);
}
