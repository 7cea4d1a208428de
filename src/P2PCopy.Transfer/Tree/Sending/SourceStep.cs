namespace P2PCopy.Transfer.Tree.Sending;

/// <summary>What is to be done with the source.</summary>
internal enum SourceAction
{
    /// <summary><see cref="ISourceTree.Map"/>, answered by <see cref="TreeSendSession.Mapped"/>.</summary>
    Map,

    /// <summary><see cref="ISourceTree.Read"/> into the buffer of the slot, answered by <see cref="TreeSendSession.ReadDone"/>; without a slot
    /// <see cref="SourceStep.IsStraight"/>.</summary>
    Read,

    /// <summary><see cref="ISourceTree.Close"/>, answered by <see cref="TreeSendSession.Closed"/>.</summary>
    Close,
}

/// <summary>A step for the source. Steps of one file are obeyed in order.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Index">The entry.</param>
/// <param name="Offset">Where, for maps and reads; for a close how far the file was asked for.</param>
/// <param name="Length">Bytes to read.</param>
/// <param name="Slot">The buffer to read into; it is used again only when the session gives it out again. −1: none.</param>
/// <param name="Hash">Whether SHA-256 of what was read is wanted too.</param>
internal readonly record struct SourceStep(SourceAction Action, int Index, long Offset, int Length, int Slot, bool Hash)
{
    /// <summary>Whether it is a read into the memory that is sent from, answered by <see cref="TreeSendSession.StraightDone"/>.</summary>
    public bool IsStraight => Action == SourceAction.Read && Slot < 0;
}

/// <summary>Bytes to send: a head, then the first bytes of a slot.</summary>
/// <param name="HeadBytes">Bytes that were written into the destination.</param>
/// <param name="Slot">The slot whose bytes follow, or −1.</param>
/// <param name="PayloadBytes">How many bytes of the slot.</param>
internal readonly record struct OutgoingFrame(int HeadBytes, int Slot, int PayloadBytes);

/// <summary>Whether the session wants an entry of the list.</summary>
internal enum ListWish
{
    None,

    /// <summary>The first entry: begin the list anew.</summary>
    First,

    Next,
}
