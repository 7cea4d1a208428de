using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>Whom this side wants to talk to: what the user pasted, or whom the user chose by the words.</summary>
internal sealed class PeerTarget
{
    /// <summary>The key of the pasted ticket.</summary>
    public PublicKey? Ticket { get; set; }

    /// <summary>The key of a stranger whose words were right.</summary>
    public PublicKey? Chosen { get; set; }

    /// <summary>The pasted address without a key.</summary>
    public UdpEndpoint? Bare { get; set; }

    /// <summary>The only key that is answered, if there is one.</summary>
    // PROTOCOL HSK-7.
    public PublicKey? Pin => Ticket ?? Chosen;

    /// <summary>Whether whoever has this key may be answered.</summary>
    public bool Allows(PublicKey key) => Pin is not { } pin || pin == key;

    /// <summary>Whether Noise XX is spoken with this address: it was pasted, and no ticket was.</summary>
    // PROTOCOL HSK-14.
    public bool IsBare(UdpEndpoint remote) => Ticket is null && Bare is { } bare && bare.SameAddress(remote);

    /// <summary>What is known about a peer with this key.</summary>
    public PeerTrust TrustOf(PublicKey key, bool isXX) =>
        Pin == key ? PeerTrust.Ticket : isXX ? PeerTrust.Bare : PeerTrust.OneWayTicket;
}
