using P2PCopy.Simulation;

namespace P2PCopy.LinkEmulator;

/// <summary>
/// Joins packets that arrive together into a train, as a network card does that coalesces what it received: one flow of UDP or TCP, one
/// size of which only the last may be shorter, in order.
/// </summary>
internal sealed class TrainJoiner
{
    // What the kernel takes: 64 KiB of IP packet, and UDP_MAX_SEGMENTS is 128.
    private const int MostBytes = 65_000;
    private const int MostPackets = 64;

    private readonly byte[] _train = new byte[OffloadHeader.Length + MostBytes];
    private int _length;
    private int _size;
    private bool _isClosed;
    private FlowLayout _layout;

    /// <summary>Packets that are joined.</summary>
    public int Count { get; private set; }

    private Span<byte> Headers => _train.AsSpan(OffloadHeader.Length, _layout.HeaderBytes);

    private int Joined => _length - OffloadHeader.Length - _layout.HeaderBytes;

    /// <summary>Adds a packet with its header of offloads in front; false when it must begin a train of its own.</summary>
    public bool TryAdd(SimDatagram datagram)
    {
        if (Count == 0) Start(datagram);
        else if (!Fits(datagram)) return false;
        else Append(datagram.Payload[OffloadHeader.Length..]);
        Count++;
        return true;
    }

    /// <summary>What was joined, to be written to a device; empty when nothing was.</summary>
    public ReadOnlySpan<byte> Take()
    {
        if (Count > 1)
        {
            OffloadHeader.Read(_train).OfTrain(_layout, _size).Write(_train);
            _layout.SetPayload(Headers, _size, Joined);
        }

        var train = _train.AsSpan(0, _length);
        (Count, _length) = (0, 0);
        return train;
    }

    private void Start(SimDatagram datagram)
    {
        datagram.Payload.CopyTo(_train);
        _length = datagram.Length;
        var packet = datagram.Payload[OffloadHeader.Length..];

        // A checksum that is complete already would no longer be right.
        _isClosed = !OffloadHeader.Read(_train).NeedsChecksum || !FlowLayout.TryRead(packet, out _layout) || _layout.IsLast(packet) || Joined == 0;
        _size = _isClosed ? 0 : Joined;
    }

    private bool Fits(SimDatagram datagram)
    {
        var packet = datagram.Payload[OffloadHeader.Length..];
        if (_isClosed || Count == MostPackets || !FlowLayout.TryRead(packet, out var layout) || layout != _layout) return false;
        var payload = packet.Length - layout.HeaderBytes;
        return payload > 0 && payload <= _size && _length + payload <= _train.Length
            && OffloadHeader.Read(datagram.Buffer).NeedsChecksum && layout.Continues(Headers, Joined, packet);
    }

    private void Append(ReadOnlySpan<byte> packet)
    {
        var payload = packet[_layout.HeaderBytes..];
        payload.CopyTo(_train.AsSpan(_length));
        _length += payload.Length;
        _isClosed = payload.Length < _size || _layout.IsLast(packet);
        if (_isClosed) _layout.AdoptEnd(Headers, packet);
    }
}
