using System.Buffers.Binary;
using System.Text;
using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>The last events of a simulation, for the message of a failure, and a digest of all of them.</summary>
/// <param name="capacity">How many events are kept.</param>
public sealed class Trace(int capacity = 256)
{
    private const int HashedBytes = 64;

    private readonly TraceEvent[] _events = new TraceEvent[capacity];

    /// <summary>Events so far.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// A number over all events with the starts of their datagrams: equal when two runs were the same. It is no cryptographic hash.
    /// </summary>
    public ulong Digest { get; private set; } = 0x9e3779b97f4a7c15UL;

    /// <summary>The events that are kept, oldest first.</summary>
    public IEnumerable<TraceEvent> Recent
    {
        get
        {
            for (var i = Math.Max(0, Count - capacity); i < Count; i++) yield return _events[i % capacity];
        }
    }

    internal void Add(Instant at, string where, string what, SimDatagram datagram)
    {
        Add(new TraceEvent(at, where, what, datagram.Source, datagram.Destination, datagram.Length, datagram.TimeToLive));
        Mix(datagram.Source.LowBits ^ datagram.Source.Port);
        Mix(datagram.Destination.LowBits ^ ((ulong)datagram.Destination.Port << 32) ^ (ulong)datagram.Length);
        var bytes = datagram.Payload[..Math.Min(HashedBytes, datagram.Length)];
        for (; bytes.Length >= 8; bytes = bytes[8..]) Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var rest in bytes) Mix(rest);
    }

    internal void Add(Instant at, string where, string what) => Add(new TraceEvent(at, where, what, default, default, 0, 0));

    internal string Format(Instant start)
    {
        var text = new StringBuilder();
        foreach (var entry in Recent) text.AppendLine(entry.Format(start));
        return text.ToString();
    }

    private void Add(in TraceEvent entry)
    {
        _events[Count++ % capacity] = entry;
        Mix((ulong)entry.At.Microseconds);
        foreach (var letter in entry.What) Mix(letter);
    }

    private void Mix(ulong value) => Digest = ulong.RotateLeft(Digest ^ (value * 0xff51afd7ed558ccdUL), 29) * 0xc4ceb9fe1a85ec53UL;
}
