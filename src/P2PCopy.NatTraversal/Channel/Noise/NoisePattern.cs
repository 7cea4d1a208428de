namespace P2PCopy.NatTraversal.Channel.Noise;

/// <summary>Which handshake of the Noise framework (revision 34, section 7.5).</summary>
internal enum NoisePattern
{
    /// <summary>The initiator knows the responder's static key and sends its own at once: two messages.</summary>
    IK,

    /// <summary>Neither side knows the other's static key: three messages.</summary>
    XX,
}
