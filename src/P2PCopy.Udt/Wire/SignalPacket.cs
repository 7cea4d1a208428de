using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Wire;

/// <summary>
/// A control packet that says all in its type and info word: keep-alive, congestion warning, shutdown, ACK2 (info: the
/// acknowledgement's number), peer error (info: its code). It carries four bytes of padding, as the reference sends them.
/// </summary>
internal readonly ref struct SignalPacket : IWireFormat<SignalPacket>
{
    public const int Length = PacketHeader.Length + 4;

    public ControlType Type { get; init; }

    public uint Info { get; init; }

    public uint Destination { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out SignalPacket packet)
    {
        packet = default;
        if (!PacketHeader.TryRead(datagram, out var header) || !header.IsControl) return false;
        if (header.Type is not (ControlType.KeepAlive or ControlType.CongestionWarning or ControlType.Shutdown
            or ControlType.Ack2 or ControlType.PeerError)) return false;
        packet = new SignalPacket { Type = header.Type, Info = header.Second, Destination = header.Destination };
        return true;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        PacketHeader.WriteControl(ref writer, Type, Info, Destination);
        // PROTOCOL UDT-3.
        writer.WriteUInt32(0);
        return writer.Length;
    }
}
