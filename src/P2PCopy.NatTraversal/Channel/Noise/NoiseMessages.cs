namespace P2PCopy.NatTraversal.Channel.Noise;

/// <summary>The message patterns of the two handshakes (Noise revision 34, section 7.5).</summary>
internal static class NoiseMessages
{
    private static readonly NoiseToken[][] IK =
    [
        [NoiseToken.E, NoiseToken.ES, NoiseToken.S, NoiseToken.SS],
        [NoiseToken.E, NoiseToken.EE, NoiseToken.SE],
    ];

    private static readonly NoiseToken[][] XX =
    [
        [NoiseToken.E],
        [NoiseToken.E, NoiseToken.EE, NoiseToken.S, NoiseToken.ES],
        [NoiseToken.S, NoiseToken.SE],
    ];

    /// <summary>The messages of a handshake; the initiator sends the first, then the sides take turns.</summary>
    public static NoiseToken[][] Of(NoisePattern pattern) => pattern == NoisePattern.IK ? IK : XX;

    // PROTOCOL KEY-1.

    /// <summary>The name that is hashed into the handshake, with X25519, ChaCha20-Poly1305 and SHA-256 as its functions.</summary>
    public static ReadOnlySpan<byte> NameOf(NoisePattern pattern) =>
        pattern == NoisePattern.IK ? "Noise_IK_25519_ChaChaPoly_SHA256"u8 : "Noise_XX_25519_ChaChaPoly_SHA256"u8;
}
