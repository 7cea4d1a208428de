namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>Why a session is closed. A reader takes a reason that it does not know for <see cref="Ended"/>.</summary>
internal enum CloseReason : byte
{
    /// <summary>Its work is done, or its program ends.</summary>
    Ended = 0,

    /// <summary>The user stopped it.</summary>
    Stopped = 1,

    /// <summary>Both sides want to send, or both to receive.</summary>
    SameRole = 2,

    /// <summary>The words were wrong, or somebody else was chosen.</summary>
    NotChosen = 3,

    /// <summary>The initiator's nonce is not the one it had committed to.</summary>
    BrokenCommitment = 4,
}
