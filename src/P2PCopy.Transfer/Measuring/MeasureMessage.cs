using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Measuring;

/// <summary>Who measures says how long bytes are to flow each way.</summary>
internal readonly record struct MeasureMessage(ushort Seconds) : IWireFormat<MeasureMessage>
{
    //  | seconds, 2 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out MeasureMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new MeasureMessage(reader.ReadUInt16());
        return !reader.Failed && reader.Rest.IsEmpty && packet.Seconds is >= 1 and <= MeasureSession.MostSeconds;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt16(Seconds);
        return writer.Length;
    }
}
