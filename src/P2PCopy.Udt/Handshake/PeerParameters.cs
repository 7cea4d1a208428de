using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Handshake;

/// <summary>What a peer's handshake says about it, within sane bounds.</summary>
/// <param name="SocketId">Its socket id, where packets for it go.</param>
/// <param name="InitialSequence">The number of its first packet.</param>
/// <param name="Mss">The largest packet it takes, in UDT's count.</param>
/// <param name="FlowWindow">Packets it has room for.</param>
/// <param name="DeliveryReports">Whether a rendezvous offered delivery reports.</param>
internal readonly record struct PeerParameters(
    uint SocketId, SequenceNumber InitialSequence, int Mss, int FlowWindow, bool DeliveryReports = false)
{
    private const uint MostMss = 65535;
    private const uint MostWindow = 1 << 20;
    private const uint MostSocketId = 0x7fff_ffff;

    /// <summary>
    /// Takes them from a packet; false when they cannot be lived with: an MSS without room for data (it crashes old peers), no
    /// window, no id. A window beyond all reason is taken for a large one, since it only bounds what we may send.
    /// </summary>
    public static bool TryRead(in HandshakePacket packet, out PeerParameters parameters)
    {
        parameters = new PeerParameters(
            packet.SocketId, packet.InitialSequence, (int)Math.Min(packet.Mss, MostMss), (int)Math.Min(packet.FlowWindow, MostWindow));
        // PROTOCOL UDT-5.
        return packet.Mss is >= UdtOptions.MinMss and <= MostMss && packet.FlowWindow >= 2 && packet.SocketId is > 0 and <= MostSocketId;
    }
}
