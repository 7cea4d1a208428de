using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>What this side can do and wants, as it tells its peer.</summary>
/// <param name="WantsToSend">Whether it wants to send a file; else it wants to receive one.</param>
/// <param name="PostQuantum">Whether it makes the post-quantum step.</param>
/// <param name="Aes">Whether this processor has instructions for AES.</param>
/// <param name="LargestDatagram">Largest datagram that it takes, bytes of UDP payload.</param>
internal sealed record HandshakeOptions(bool WantsToSend, bool PostQuantum = true, bool Aes = false, ushort LargestDatagram = 1472)
{
    /// <summary>The same as it stands on the wire.</summary>
    public Capabilities Capabilities =>
        (PostQuantum ? Capabilities.PostQuantum : 0) | (Aes ? Capabilities.Aes : 0) | (WantsToSend ? Capabilities.WantsToSend : 0);
}
