namespace P2PCopy.Udt.IO;

/// <summary>A UDT connection could not be made or has ended.</summary>
public sealed class UdtException : IOException
{
    /// <summary>With the reason and the sentence that fits it.</summary>
    public UdtException(CloseReason reason)
        : base(Describe(reason)) => Reason = reason;

    /// <summary>Why.</summary>
    public CloseReason Reason { get; }

    private static string Describe(CloseReason reason) => reason switch
    {
        CloseReason.None => "the connection is not open",
        CloseReason.ClosedLocally => "this side has closed the connection",
        CloseReason.LingerExpired => "the connection was closed before the peer had acknowledged everything",
        CloseReason.Aborted => "this side has given the connection up",
        CloseReason.ClosedByPeer => "the peer has closed the connection",
        CloseReason.PeerTimedOut => "nothing was heard of the peer for too long",
        CloseReason.PeerRestarted => "the peer has begun anew",
        CloseReason.ConnectTimedOut => "nobody answered",
        CloseReason.Rejected => "the peer refused the connection",
        _ => "the connection has ended",
    };
}
