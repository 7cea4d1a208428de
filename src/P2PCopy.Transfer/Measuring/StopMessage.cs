using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Measuring;

/// <summary>A flow is over, at the end where it began, and what only that end has seen of it.</summary>
/// <param name="Bytes">All bytes of it.</param>
/// <param name="RoundTrip">The median round trip while it flowed, in microseconds; 0 when it is not known.</param>
/// <param name="LeastRoundTrip">The shortest one.</param>
/// <param name="SentAgain">Of a million packets, how many left again.</param>
internal readonly record struct StopMessage(ulong Bytes, uint RoundTrip, uint LeastRoundTrip, uint SentAgain) : IWireFormat<StopMessage>
{
    private const uint Million = 1_000_000;

    /// <summary>What was sent again as a part of all, from 0 to 1.</summary>
    public double PartSentAgain => (double)SentAgain / Million;

    //  | bytes, 8 | round trip in microseconds, 4 | the least one, 4 | packets of a million that left again, 4 |
    public static bool TryRead(ReadOnlySpan<byte> datagram, out StopMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new StopMessage(reader.ReadUInt64(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
        return !reader.Failed && reader.Rest.IsEmpty && packet.LeastRoundTrip <= packet.RoundTrip && packet.SentAgain <= Million;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt64(Bytes);
        writer.WriteUInt32(RoundTrip);
        writer.WriteUInt32(LeastRoundTrip);
        writer.WriteUInt32(SentAgain);
        return writer.Length;
    }

    /// <summary>What a path showed while bytes flowed over it.</summary>
    /// <param name="bytes">All bytes.</param>
    /// <param name="roundTrips">The round trips that were seen; they are sorted here.</param>
    /// <param name="packets">Packets that left, again or for the first time.</param>
    /// <param name="again">Those that left again.</param>
    public static StopMessage Of(long bytes, List<TimeSpan> roundTrips, long packets, long again)
    {
        roundTrips.Sort();
        var (median, least) = roundTrips.Count == 0 ? (TimeSpan.Zero, TimeSpan.Zero) : (roundTrips[roundTrips.Count / 2], roundTrips[0]);
        return new StopMessage((ulong)bytes, (uint)median.TotalMicroseconds, (uint)least.TotalMicroseconds, packets == 0 ? 0 : (uint)(again * Million / packets));
    }
}
