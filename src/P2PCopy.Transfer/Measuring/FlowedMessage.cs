using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Measuring;

/// <summary>What a flow was at the end where it arrived.</summary>
/// <param name="Bytes">All bytes of it.</param>
/// <param name="Time">From the first to the last of them, in microseconds.</param>
/// <param name="LaterBytes">Those that came when its start was over.</param>
/// <param name="LaterTime">In which time, in microseconds.</param>
internal readonly record struct FlowedMessage(ulong Bytes, ulong Time, ulong LaterBytes, ulong LaterTime) : IWireFormat<FlowedMessage>
{
    private const ulong LongestTime = 3_600_000_000;

    //  | bytes, 8 | microseconds, 8 | bytes after the start, 8 | microseconds after the start, 8 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out FlowedMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new FlowedMessage(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
        return !reader.Failed && reader.Rest.IsEmpty && packet.Time <= LongestTime && packet.LaterTime <= packet.Time && packet.LaterBytes <= packet.Bytes;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt64(Bytes);
        writer.WriteUInt64(Time);
        writer.WriteUInt64(LaterBytes);
        writer.WriteUInt64(LaterTime);
        return writer.Length;
    }
}
