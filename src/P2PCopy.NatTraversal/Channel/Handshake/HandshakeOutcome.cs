namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>What came of a handshake datagram.</summary>
internal enum HandshakeResult
{
    /// <summary>Nothing: it was malformed, forged, refused, or old news.</summary>
    Ignored,

    /// <summary>The peer can be heard from this address: a packet should go there at once.</summary>
    AddressHeard,

    /// <summary>A session began.</summary>
    SessionMade,
}

/// <summary>What came of a handshake datagram, and the session if one began.</summary>
/// <param name="Result">What happened.</param>
/// <param name="Session">Not <see langword="null"/> for <see cref="HandshakeResult.SessionMade"/> only.</param>
internal readonly record struct HandshakeOutcome(HandshakeResult Result, PeerSession? Session = null)
{
    public static readonly HandshakeOutcome Ignored = new(HandshakeResult.Ignored);

    public static readonly HandshakeOutcome AddressHeard = new(HandshakeResult.AddressHeard);
}
