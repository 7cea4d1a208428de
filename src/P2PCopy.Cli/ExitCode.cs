namespace P2PCopy.Cli;

/// <summary>What the program tells the shell. Documented in docs/cli.md; scripts rely on the numbers.</summary>
internal enum ExitCode
{
    /// <summary>Everything was copied.</summary>
    Done = 0,

    /// <summary>The arguments or the input make no sense.</summary>
    Usage = 1,

    /// <summary>The file to send does not exist or cannot be read.</summary>
    NoSuchFile = 2,

    /// <summary>The peer could not be reached.</summary>
    NotConnected = 3,

    /// <summary>The peer, the user or a policy said no.</summary>
    Refused = 4,

    /// <summary>The connection broke in the middle of the copy.</summary>
    BrokenOff = 5,

    /// <summary>What arrived is not what was sent.</summary>
    NotVerified = 6,

    /// <summary>The local disk: full, permission, path.</summary>
    LocalDisk = 7,

    /// <summary>Whether the peer is the right one could not be found out, or it is not.</summary>
    PeerNotVerified = 8,

    /// <summary>The peer's program is of a version that this one cannot talk to.</summary>
    VersionsDoNotFit = 9,

    /// <summary>A fault of the program itself (EX_SOFTWARE of sysexits.h).</summary>
    Internal = 70,

    /// <summary>Ctrl+C or a request to terminate (128 + SIGINT).</summary>
    Interrupted = 130,
}
