namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>What a side of a handshake can do or wants; bits that a reader does not know mean nothing to it.</summary>
[Flags]
internal enum Capabilities : byte
{
    None = 0,

    /// <summary>It makes the ML-KEM-768 step if the other side does.</summary>
    PostQuantum = 1,

    /// <summary>It has AES in hardware: AES-256-GCM seals the session if the other side has, too.</summary>
    Aes = 2,

    /// <summary>It can open AEGIS-256, if the other side asks for it with the post-quantum step.</summary>
    Aegis = 8,

    /// <summary>It wants to send a file; else it wants to receive one.</summary>
    WantsToSend = 4,
}
