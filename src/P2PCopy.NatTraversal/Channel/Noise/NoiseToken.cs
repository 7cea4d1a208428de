namespace P2PCopy.NatTraversal.Channel.Noise;

/// <summary>One step of a message pattern (Noise revision 34, section 5.3). In a Diffie-Hellman token the initiator's key comes first.</summary>
internal enum NoiseToken : byte
{
    /// <summary>The ephemeral key, in clear.</summary>
    E,

    /// <summary>The static key, encrypted as soon as there is a key.</summary>
    S,

    /// <summary>Both ephemeral keys.</summary>
    EE,

    /// <summary>The initiator's ephemeral and the responder's static key.</summary>
    ES,

    /// <summary>The initiator's static and the responder's ephemeral key.</summary>
    SE,

    /// <summary>Both static keys.</summary>
    SS,
}
