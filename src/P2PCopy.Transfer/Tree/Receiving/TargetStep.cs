namespace P2PCopy.Transfer.Tree.Receiving;

/// <summary>What is to be done with what has arrived.</summary>
internal enum TargetAction
{
    None,

    /// <summary><see cref="ITargetTree.Add"/> of the entry.</summary>
    Add,

    /// <summary><see cref="ITargetTree.Write"/> of the last bytes that were taken.</summary>
    Write,

    /// <summary><see cref="ITargetTree.Keep"/>.</summary>
    Keep,

    /// <summary><see cref="ITargetTree.Hole"/>.</summary>
    Hole,

    /// <summary><see cref="ITargetTree.End"/>; the offset is the size.</summary>
    End,
}

/// <summary>A step for the target. Steps are obeyed in order, and each is answered by <see cref="TreeReceiveSession.Settled"/>.</summary>
internal readonly record struct TargetStep(TargetAction Action, int Index, long Offset = 0, long Length = 0)
{
    public EntryStatus Status { get; init; }

    public byte[]? Digest { get; init; }

    public TreeEntry? Entry { get; init; }
}

/// <summary>What the session wants to know next.</summary>
internal enum TargetInquiry
{
    /// <summary>Whether the user takes it: <see cref="TreeReceiveSession.Accept"/> or <see cref="TreeReceiveSession.Fail"/>.</summary>
    Decide,

    /// <summary><see cref="ITargetTree.Prepare"/>.</summary>
    Prepare,

    /// <summary><see cref="ITargetTree.Begin"/> of up to Count entries, no further than one with <see cref="PlanKind.Have"/>.</summary>
    Begin,

    /// <summary><see cref="ITargetTree.HashBlocks"/> with room for Count.</summary>
    Hash,

    /// <summary><see cref="ITargetTree.Finish"/>.</summary>
    Finish,
}

/// <summary>A question to the target; the next one comes when it is answered.</summary>
internal readonly record struct TargetQuestion(TargetInquiry Inquiry, int Index = 0, int Count = 0, long FirstBlock = 0);
