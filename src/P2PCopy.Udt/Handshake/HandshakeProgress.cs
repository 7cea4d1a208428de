namespace P2PCopy.Udt.Handshake;

/// <summary>What a packet did to a handshake.</summary>
internal enum HandshakeProgress
{
    /// <summary>It does not belong here and changed nothing.</summary>
    Ignored,

    /// <summary>One step further, not there yet.</summary>
    Continues,

    /// <summary>The connection is made.</summary>
    Completed,

    /// <summary>The listener refused.</summary>
    Rejected,
}
