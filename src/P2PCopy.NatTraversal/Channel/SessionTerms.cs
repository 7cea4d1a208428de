using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>What a handshake has settled about a session, apart from its keys.</summary>
/// <param name="IsInitiator">Whether this side sent the first message.</param>
/// <param name="RemoteKey">The static key that the other side has proven, or will by its first sealed datagram.</param>
/// <param name="Local">What this side said it can do and wants.</param>
/// <param name="Remote">What the other side said.</param>
/// <param name="LocalIndex">What this side chose for datagrams to itself.</param>
/// <param name="RemoteIndex">What the other side chose.</param>
/// <param name="LargestDatagram">The smaller of what the two sides take, bytes of UDP payload.</param>
/// <param name="FirstRemote">From where the handshake's last message came.</param>
/// <param name="Observed">Where the responder saw the initiator; known to the initiator only.</param>
internal sealed record SessionTerms(
    bool IsInitiator,
    PublicKey RemoteKey,
    Capabilities Local,
    Capabilities Remote,
    uint LocalIndex,
    uint RemoteIndex,
    int LargestDatagram,
    UdpEndpoint FirstRemote,
    UdpEndpoint? Observed)
{
    /// <summary>Every path of the internet carries IP packets of 1280 bytes (RFC 8200, section 5), so nobody is taken to want less.</summary>
    public const int SmallestDatagram = 1232;

    /// <summary>Whether both sides can and want to do this.</summary>
    public bool Both(Capabilities capability) => (Local & Remote & capability) != 0;

    /// <summary>The size that suits both sides.</summary>
    // PROTOCOL HSK-3.
    public static int Agree(ushort local, ushort remote) => Math.Max(SmallestDatagram, (int)Math.Min(local, remote));
}
