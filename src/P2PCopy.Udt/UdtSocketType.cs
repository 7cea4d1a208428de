namespace P2PCopy.Udt;

/// <summary>The socket type field of a handshake.</summary>
public enum UdtSocketType
{
    /// <summary>A byte stream.</summary>
    Stream = 1,

    /// <summary>Messages. The original p2pcopy names this type although it streams.</summary>
    Message = 2,
}
