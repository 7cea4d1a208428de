namespace P2PCopy.Transfer.Tree;

/// <summary>Either side of a copy of a tree, with what its user is shown.</summary>
internal interface ITreeSession : ISession
{
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
}
