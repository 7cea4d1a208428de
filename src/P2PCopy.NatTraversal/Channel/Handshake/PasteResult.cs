namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>Whether what the user pasted can be connected to.</summary>
public enum PasteResult
{
    /// <summary>It is the peer from now on.</summary>
    Taken,

    /// <summary>It is this side's own ticket.</summary>
    OwnKey,

    /// <summary>No key that anybody should use: secrets agreed with it are known to everybody.</summary>
    UselessKey,

    /// <summary>Both sides want to send, or both want to receive.</summary>
    SameRole,

    /// <summary>A session with another peer lives.</summary>
    Busy,
}
