using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>What <see cref="PeerPaths"/> wants to have sent.</summary>
internal enum PathMessageKind
{
    /// <summary>The first message of a handshake, as a probe. Who has none to send lets it be.</summary>
    Handshake,

    /// <summary>A sealed PING with a challenge.</summary>
    Ping,

    /// <summary>The sealed answer to a PING, with the address that it came from.</summary>
    Pong,

    /// <summary>The sealed choice of this path, or the answer to one.</summary>
    Nominate,

    /// <summary>Our own sealed candidates, or the answer to the peer's.</summary>
    Candidates,
}

/// <summary>A message to be written, sealed and sent by the owner of the keys.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Destination">Where it goes.</param>
internal readonly record struct PathMessage(PathMessageKind Kind, UdpEndpoint Destination)
{
    /// <summary>PING and PONG: what must come back, or does.</summary>
    public ulong Challenge { get; init; }

    /// <summary>NOMINATE and CANDIDATES: which one of its kind.</summary>
    public uint Generation { get; init; }

    /// <summary>NOMINATE and CANDIDATES: whether it answers one of the peer's.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>The hop limit; 0 keeps the socket's own.</summary>
    public byte TimeToLive { get; init; }

    /// <summary>PING and PONG: bytes of the whole datagram, reached by padding; 0 when it does not matter.</summary>
    public int PadTo { get; init; }

    /// <summary>Whether the network shall drop the datagram rather than cut it into pieces.</summary>
    public bool DontFragment { get; init; }

    /// <summary>PONG: where the PING came from, as seen here.</summary>
    public UdpEndpoint Observed => Destination;
}
