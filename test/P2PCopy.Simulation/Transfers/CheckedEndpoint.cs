using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Simulation.Transfers;

/// <summary>
/// Stands between a UDT endpoint and its socket and looks at every datagram that leaves: it must be one of UDT's packets, and no
/// longer than what both sides take.
/// </summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="maxDatagramBytes">The longest datagram that may leave.</param>
/// <param name="fail">Makes the failure.</param>
internal sealed class CheckedEndpoint(UdtEndpoint endpoint, int maxDatagramBytes, Func<string, Exception> fail) : IDatagramProtocol
{
    public Instant NextTimeout => endpoint.NextTimeout;

    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => endpoint.Accepts(datagram, remote);

    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now) => endpoint.Handle(datagram, remote, now);

    public void HandleTimeout(Instant now) => endpoint.HandleTimeout(now);

    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        if (!endpoint.TryTransmit(buffer, now, out transmit)) return false;
        var datagram = buffer[..transmit.Length];
        if (!Reads(datagram)) throw fail($"it sent what is no packet: {Convert.ToHexString(datagram)}");

        // A small MSS still leaves room for the control packets, which are at most 64 bytes.
        if (datagram.Length > Math.Max(maxDatagramBytes, HandshakePacket.Length)) throw fail($"it sent {datagram.Length} bytes");
        return true;
    }

    private static bool Reads(ReadOnlySpan<byte> datagram)
    {
        if (!PacketHeader.TryRead(datagram, out var header)) return false;
        if (!header.IsControl) return DataPacket.TryRead(datagram, out var data) && !data.Payload.IsEmpty;
        return header.Type switch
        {
            ControlType.Handshake => HandshakePacket.TryRead(datagram, out _) && datagram.Length == HandshakePacket.Length,
            ControlType.Ack => AckPacket.TryRead(datagram, out _),
            ControlType.Nak => NakPacket.TryRead(datagram, out _),
            ControlType.DeliveryReport => DeliveryReportPacket.TryRead(datagram, out _),
            _ => SignalPacket.TryRead(datagram, out _) && datagram.Length == SignalPacket.Length,
        };
    }
}
