namespace P2PCopy.Transfer;

/// <summary>A machine that talks with a peer over a stream and that somebody drives until it has ended.</summary>
internal interface ISession
{
    /// <summary>How it ended; null while it goes on.</summary>
    Ending? Ending { get; }

    /// <summary>Whether it only wants to tell the peer why it ends.</summary>
    bool IsGivingUp { get; }

    /// <summary>Gives up for a reason that the peer is still told.</summary>
    void Fail(Ending ending);

    /// <summary>Ends at once.</summary>
    void End(Ending ending);
}
