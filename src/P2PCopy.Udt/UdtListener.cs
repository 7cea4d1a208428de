using P2PCopy.Datagrams;
using P2PCopy.Udt.Handshake;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt;

/// <summary>
/// Answers clients without keeping state for them: each first request gets its cookie back, and only a conclusion with the right
/// cookie is worth a connection. A request is answered by one packet of equal size, and a flood only overflows a short queue.
/// </summary>
internal sealed class UdtListener
{
    private const int MostAnswers = 64;
    private const int SecretWords = 8;

    private readonly SynCookie _cookies;
    private readonly (UdpEndpoint Remote, byte[] Packet)[] _answers = new (UdpEndpoint, byte[])[MostAnswers];
    private int _answerCount;

    public UdtListener(Func<uint> random, Instant start)
    {
        var secret = new byte[SecretWords * sizeof(uint)];
        for (var i = 0; i < SecretWords; i++) BitConverter.TryWriteBytes(secret.AsSpan(i * sizeof(uint)), random());
        _cookies = new SynCookie(secret, start);
        for (var i = 0; i < MostAnswers; i++) _answers[i].Packet = new byte[HandshakePacket.Length];
    }

    /// <summary>Connections that may wait to be accepted; 0 does not listen.</summary>
    public int Backlog { get; set; }

    public bool HasAnswers => _answerCount > 0;

    /// <summary>Takes a client's handshake; true when it earns a connection, else the answer (if any) is queued.</summary>
    public bool TryConclude(in HandshakePacket packet, UdpEndpoint remote, bool isFull, Instant now, out PeerParameters peer)
    {
        peer = default;
        // PROTOCOL UDT-8.
        switch (packet.Request)
        {
            case RequestType.Request:
                Answer(packet, RequestType.Request, _cookies.Create(remote, now), remote);
                return false;

            case RequestType.Conclusion when _cookies.IsValid(packet.Cookie, remote, now):
                var fits = packet.Version == HandshakePacket.CurrentVersion
                    && packet.SocketType is (uint)UdtSocketType.Stream or (uint)UdtSocketType.Message;
                if (fits && !isFull) return PeerParameters.TryRead(packet, out peer);
                Answer(packet, RequestType.Rejected, packet.Cookie, remote);
                return false;

            default:
                return false;
        }
    }

    /// <summary>Writes the next answer.</summary>
    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        if (_answerCount == 0) return false;
        var (remote, packet) = _answers[--_answerCount];
        packet.CopyTo(buffer);
        transmit = new Transmit(packet.Length, remote);
        return true;
    }

    // The client's own packet goes back with the cookie filled in.
    private void Answer(in HandshakePacket packet, RequestType request, uint cookie, UdpEndpoint remote)
    {
        if (_answerCount == MostAnswers) return;
        ref var answer = ref _answers[_answerCount++];
        answer.Remote = remote;
        new HandshakePacket
        {
            Destination = packet.SocketId,
            Version = packet.Version,
            SocketType = packet.SocketType,
            InitialSequence = packet.InitialSequence,
            Mss = packet.Mss,
            FlowWindow = packet.FlowWindow,
            Request = request,
            SocketId = packet.SocketId,
            Cookie = cookie,
            Address = packet.Address,
        }.Write(answer.Packet);
    }
}
