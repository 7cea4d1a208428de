using P2PCopy.Datagrams;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Handshake;

/// <summary>
/// Two peers connect to each other, nobody listens: this is what punches the hole. Each sends type 0 until it has seen the other,
/// then −1; who has sent −1 and receives −1 or −2 is connected. Two of ours are by the first message of the other. A peer that began
/// anew replaces what was known of it.
/// </summary>
internal sealed class RendezvousHandshake(LocalParameters local, UdpEndpoint remote, Instant start) : IHandshake
{
    private RequestType _request = RequestType.Rendezvous;
    private bool _seen;

    public PeerParameters Peer { get; private set; }

    public Instant NextSend { get; private set; } = start;

    public HandshakeProgress Handle(in HandshakePacket packet, Instant now)
    {
        if (packet.Destination != 0 && packet.Destination != local.SocketId) return HandshakeProgress.Ignored;
        if (packet.Request is not (RequestType.Rendezvous or RequestType.Conclusion or RequestType.Agreement)) return HandshakeProgress.Ignored;
        // PROTOCOL UDT-6.
        if (!PeerParameters.TryRead(packet, out var peer)) return HandshakeProgress.Ignored;

        // PROTOCOL UDT-7. Late answers name the bare flight limit, several times the buffer: the smaller one is the truth.
        if (_seen && peer.SocketId == Peer.SocketId) peer = peer with { FlowWindow = Math.Min(peer.FlowWindow, Peer.FlowWindow) };
        Peer = peer with { DeliveryReports = ExtensionWord.HasDeliveryReports(packet.Cookie) };
        _seen = true;

        // PROTOCOL RDV-5. Ours are connected by whatever comes first: it has all that is needed, and what goes back has it for the peer.
        if (local.AgreesOnReports(Peer)) return HandshakeProgress.Completed;
        if (_request == RequestType.Conclusion && packet.Request != RequestType.Rendezvous) return HandshakeProgress.Completed;
        _request = RequestType.Conclusion;
        NextSend = now;
        return HandshakeProgress.Continues;
    }

    public HandshakeProgress HandleTraffic(ControlType? type) =>
        // PROTOCOL RDV-6.
        _seen && type is null or ControlType.KeepAlive ? HandshakeProgress.Completed : HandshakeProgress.Ignored;

    public int Write(Span<byte> buffer, Instant now)
    {
        // PROTOCOL RDV-4.
        NextSend = now + UdtTimes.HandshakeRepeat;
        return local.WriteRendezvous(buffer, _request, _seen ? Peer.SocketId : 0, remote);
    }
}
