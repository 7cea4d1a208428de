using P2PCopy.Datagrams;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Handshake;

/// <summary>
/// The client's way: request, cookie echoed, response (draft-gg-udt-03 §5.1). The server takes the client's initial sequence number
/// for its own direction too.
/// </summary>
internal sealed class CallerHandshake(LocalParameters local, UdpEndpoint remote, Instant start) : IHandshake
{
    private RequestType _request = RequestType.Request;
    private uint _cookie;

    public PeerParameters Peer { get; private set; }

    public Instant NextSend { get; private set; } = start;

    public HandshakeProgress Handle(in HandshakePacket packet, Instant now)
    {
        if (packet.Destination != local.SocketId) return HandshakeProgress.Ignored;
        switch (packet.Request)
        {
            case RequestType.Request when _request == RequestType.Request:
                _cookie = packet.Cookie;
                _request = RequestType.Conclusion;
                NextSend = now;
                return HandshakeProgress.Continues;

            case RequestType.Conclusion when _request == RequestType.Conclusion:
                // PROTOCOL UDT-9. A response that names another start does not answer our request.
                if (packet.InitialSequence != local.InitialSequence) return HandshakeProgress.Ignored;
                if (!PeerParameters.TryRead(packet, out var peer)) return HandshakeProgress.Ignored;
                Peer = peer;
                return HandshakeProgress.Completed;

            case RequestType.Rejected:
                return HandshakeProgress.Rejected;

            default:
                return HandshakeProgress.Ignored;
        }
    }

    public HandshakeProgress HandleTraffic(ControlType? type) => HandshakeProgress.Ignored;

    public int Write(Span<byte> buffer, Instant now)
    {
        NextSend = now + UdtTimes.HandshakeRepeat;
        return local.Write(buffer, _request, 0, _cookie, remote);
    }
}
