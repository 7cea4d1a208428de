using P2PCopy.Datagrams;

namespace P2PCopy.Simulation.Transfers;

/// <summary>The receiver of a <see cref="CubicSender"/>: confirms each second segment, and each that comes out of order, with up to three blocks.</summary>
public sealed class CubicReceiver : IDatagramProtocol
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(40);
    private readonly List<(long First, long End)> _blocks = [];
    private UdpEndpoint _peer;
    private ulong _echo;
    private long _next;
    private int _owed;
    private Instant _due = Instant.Never;

    public Instant NextTimeout => _due;

    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => datagram.Length == CubicSender.DatagramBytes;

    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        _peer = remote;
        var reader = new PacketReader(datagram);
        var index = (long)reader.ReadUInt64();
        var inOrder = index == _next && _blocks.Count == 0;
        if (_owed++ == 0 || !inOrder) _echo = reader.ReadUInt64();
        Add(index);
        if (_owed >= 2 || !inOrder) _due = now;
        else if (_due == Instant.Never) _due = now + LongestDelay;
    }

    public void HandleTimeout(Instant now)
    {
        // What is due leaves by TryTransmit.
    }

    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (_due > now) return false;
        (_due, _owed) = (Instant.Never, 0);
        var writer = new PacketWriter(buffer);
        writer.WriteUInt64((ulong)_next);
        writer.WriteUInt64(_echo);
        for (var block = 0; block < 3; block++)
        {
            var (first, end) = block < _blocks.Count ? _blocks[block] : default;
            writer.WriteUInt64((ulong)first);
            writer.WriteUInt64((ulong)end);
        }

        transmit = new Transmit(CubicSender.AckBytes, _peer);
        return true;
    }

    // The block that changed last stands first (RFC 2018 §4).
    private void Add(long index)
    {
        if (index < _next) return;
        var (first, end) = (index, index + 1);
        for (var i = _blocks.Count - 1; i >= 0; i--)
        {
            if (_blocks[i].First > end || _blocks[i].End < first) continue;
            (first, end) = (Math.Min(first, _blocks[i].First), Math.Max(end, _blocks[i].End));
            _blocks.RemoveAt(i);
        }

        if (first <= _next) _next = end;
        else _blocks.Insert(0, (first, end));
    }
}
