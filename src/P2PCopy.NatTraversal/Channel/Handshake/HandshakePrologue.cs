namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>What both sides of a Noise handshake hash first, so that nothing made for another protocol or version fits.</summary>
// PROTOCOL KEY-1.
internal static class HandshakePrologue
{
    public static ReadOnlySpan<byte> IK => "p2pcopy/1 ik"u8;

    public static ReadOnlySpan<byte> XX => "p2pcopy/1 xx"u8;
}
