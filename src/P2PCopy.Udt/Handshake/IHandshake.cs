using P2PCopy.Datagrams;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Handshake;

/// <summary>One side's way to a connection: caller or rendezvous.</summary>
internal interface IHandshake
{
    /// <summary>The peer, as its last handshake described it.</summary>
    PeerParameters Peer { get; }

    /// <summary>When the current handshake is to be sent (again).</summary>
    Instant NextSend { get; }

    /// <summary>A handshake from the peer's address arrived.</summary>
    HandshakeProgress Handle(in HandshakePacket packet, Instant now);

    /// <summary>
    /// Some other packet for our id arrived: a peer that sends data or keep-alives believes itself connected.
    /// </summary>
    HandshakeProgress HandleTraffic(ControlType? type);

    /// <summary>Writes the handshake that is due and plans its repetition.</summary>
    int Write(Span<byte> buffer, Instant now);
}
