using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Wire;

/// <summary>
/// An acknowledgement (control type 2). Light: the next expected number only. Full: with the receiver's round trip and free
/// buffer. Full with rates: also the arrival speed and the link capacity.
/// </summary>
/// <remarks><code>
///  | next expected sequence number |
///  | RTT, µs | RTT variance, µs | free buffer, packets |
///  | arrival speed, packets/s | link capacity, packets/s |
/// </code></remarks>
internal readonly ref struct AckPacket : IWireFormat<AckPacket>
{
    public const int MaxLength = PacketHeader.Length + 24;

    private const int LightBody = 4;
    private const int FullBody = 16;
    private const int RatesBody = 24;

    public uint Destination { get; init; }

    /// <summary>The acknowledgement's own number, which an ACK2 confirms; 0 in a light one.</summary>
    public SequenceNumber Number { get; init; }

    /// <summary>Every packet before this one has arrived.</summary>
    public SequenceNumber NextExpected { get; init; }

    public bool IsLight { get; init; }

    public uint RoundTripMicroseconds { get; init; }

    public uint VarianceMicroseconds { get; init; }

    public uint FreePackets { get; init; }

    public bool HasRates { get; init; }

    /// <summary>Packets per second; 0 is unknown.</summary>
    public uint ArrivalSpeed { get; init; }

    /// <summary>Packets per second; 0 is unknown.</summary>
    public uint LinkCapacity { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out AckPacket packet)
    {
        packet = default;
        if (!PacketHeader.TryRead(datagram, out var header) || !header.IsControl || header.Type != ControlType.Ack) return false;
        var body = datagram[PacketHeader.Length..];

        // A body between the three lengths (one of 8 bytes crashes old peers) is no acknowledgement.
        if (body.Length != LightBody && body.Length < FullBody) return false;
        var reader = new PacketReader(body);
        var isLight = body.Length == LightBody;
        var hasRates = body.Length >= RatesBody;
        packet = new AckPacket
        {
            Destination = header.Destination,
            Number = new SequenceNumber(header.Second),
            NextExpected = new SequenceNumber(reader.ReadUInt32()),
            IsLight = isLight,
            RoundTripMicroseconds = isLight ? 0 : reader.ReadUInt32(),
            VarianceMicroseconds = isLight ? 0 : reader.ReadUInt32(),
            FreePackets = isLight ? 0 : reader.ReadUInt32(),
            HasRates = hasRates,
            ArrivalSpeed = hasRates ? reader.ReadUInt32() : 0,
            LinkCapacity = hasRates ? reader.ReadUInt32() : 0,
        };
        return true;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        PacketHeader.WriteControl(ref writer, ControlType.Ack, Number.Value, Destination);
        writer.WriteUInt32(NextExpected.Value);
        if (IsLight) return writer.Length;
        writer.WriteUInt32(RoundTripMicroseconds);
        writer.WriteUInt32(VarianceMicroseconds);
        writer.WriteUInt32(FreePackets);
        if (!HasRates) return writer.Length;
        writer.WriteUInt32(ArrivalSpeed);
        writer.WriteUInt32(LinkCapacity);
        return writer.Length;
    }
}
