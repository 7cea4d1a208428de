namespace P2PCopy.Transfer;

/// <summary>The ways in which a copy ends.</summary>
public enum OutcomeKind
{
    /// <summary>The whole file is under its final name at the receiver.</summary>
    Done,

    /// <summary>The user, a policy or the peer did not want the file.</summary>
    Refused,

    /// <summary>The connection or the peer went away before the end.</summary>
    BrokenOff,

    /// <summary>The receiver's own disk: full, read-only, no permission, folder gone.</summary>
    LocalDisk,

    /// <summary>The sender's own file: missing, not readable, not a regular file, shorter than it was.</summary>
    SourceFailed,

    /// <summary>The peer sent what this protocol does not allow.</summary>
    PeerMisbehaved,

    /// <summary>The two programs have no version of the protocol in common.</summary>
    VersionsDiffer,

    /// <summary>What was written is not what was sent.</summary>
    NotVerified,

    /// <summary>The user stopped it.</summary>
    Interrupted,
}
