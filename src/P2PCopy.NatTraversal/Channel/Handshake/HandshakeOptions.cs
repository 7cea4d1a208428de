using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>What this side can do and wants, as it tells its peer.</summary>
/// <param name="WantsToSend">Whether it wants to send a file; else it wants to receive one.</param>
/// <param name="PostQuantum">Whether it makes the post-quantum step.</param>
/// <param name="Aes">Whether this processor has instructions for AES.</param>
/// <param name="LargestDatagram">Largest datagram that it takes, bytes of UDP payload.</param>
/// <param name="Aegis">Whether it can open AEGIS-256, too.</param>
internal sealed record HandshakeOptions(
    bool WantsToSend, bool PostQuantum = true, bool Aes = false, ushort LargestDatagram = 1472, bool Aegis = false)
{
    /// <summary>The same as it stands on the wire.</summary>
    public Capabilities Capabilities =>
        (PostQuantum ? Capabilities.PostQuantum : 0)
        | (Aes ? Capabilities.Aes : 0)
        | (Aegis ? Capabilities.Aegis : 0)
        | (WantsToSend ? Capabilities.WantsToSend : 0);
}
