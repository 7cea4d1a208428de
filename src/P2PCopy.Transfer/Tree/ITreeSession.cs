namespace P2PCopy.Transfer.Tree;

/// <summary>What both sides of a copy of a tree are: a machine that somebody drives until it has ended.</summary>
internal interface ITreeSession
{
    /// <summary>How it ended; null while it goes on.</summary>
    Ending? Ending { get; }

    /// <summary>Whether it only wants to tell the peer why it ends.</summary>
    bool IsGivingUp { get; }

    /// <summary>Bytes that are done with, those apart that need not travel.</summary>
    long SettledBytes { get; }

    /// <summary>Bytes of entries that were passed over.</summary>
    long SkippedBytes { get; }

    /// <summary>Bytes of content that travelled and arrived.</summary>
    long TravelledBytes { get; }

    /// <summary>Files that came to their end.</summary>
    int EndedEntries { get; }

    /// <summary>The entry that is under way.</summary>
    RunningEntry? Running { get; }

    /// <summary>Gives up for a reason that the peer is still told.</summary>
    void Fail(Ending ending);

    /// <summary>Ends at once.</summary>
    void End(Ending ending);
}
