using System.Buffers.Binary;
using P2PCopy.Datagrams;

namespace P2PCopy.Tests.Simulation;

/// <summary>
/// The smallest machine that keeps a network busy: sends numbered datagrams at a pace, answers those of others, and notes what came when.
/// </summary>
internal sealed class PingPong(int length = 100) : IDatagramProtocol
{
    private const byte Ping = 1;
    private const byte Pong = 2;

    private readonly Queue<(UdpEndpoint To, byte Kind, uint Number)> _outbox = [];
    private UdpEndpoint _target;
    private TimeSpan _pace;
    private uint _next;
    private int _left;

    public List<(uint Number, UdpEndpoint From, Instant At)> Pings { get; } = [];

    public List<(uint Number, UdpEndpoint From, Instant At)> Pongs { get; } = [];

    public List<byte[]> Bodies { get; } = [];

    public bool Answers { get; init; } = true;

    public bool KeepsBodies { get; init; }

    public byte TimeToLive { get; set; }

    public Instant NextTimeout { get; private set; } = Instant.Never;

    public void SendAt(UdpEndpoint target, int count, TimeSpan pace, Instant now)
    {
        (_target, _left, _pace) = (target, count, pace);
        NextTimeout = now;
        HandleTimeout(now);
    }

    public void SendOnce(UdpEndpoint target) => _outbox.Enqueue((target, Ping, _next++));

    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => datagram.Length >= 5;

    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        var number = BinaryPrimitives.ReadUInt32BigEndian(datagram[1..]);
        if (KeepsBodies) Bodies.Add(datagram.ToArray());
        (datagram[0] == Pong ? Pongs : Pings).Add((number, remote, now));
        if (datagram[0] != Pong && Answers) _outbox.Enqueue((remote, Pong, number));
    }

    public void HandleTimeout(Instant now)
    {
        while (NextTimeout <= now)
        {
            _outbox.Enqueue((_target, Ping, _next++));
            NextTimeout = --_left > 0 ? NextTimeout + _pace : Instant.Never;
        }
    }

    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (!_outbox.TryDequeue(out var message)) return false;
        buffer[..length].Clear();
        buffer[0] = message.Kind;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[1..], message.Number);
        transmit = new Transmit(length, message.To, TimeToLive);
        return true;
    }
}
