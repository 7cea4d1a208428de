namespace P2PCopy.Transfer.Tree.Receiving;

/// <summary>
/// Where a tree is written: the answers that the receiving session needs, in the disk's words. A pump asks it what the
/// session says. All calls come one after the other and none throws for what a disk or a peer does.
/// </summary>
/// <remarks>
/// First <see cref="Add"/> for each entry, then, once the user has said yes, <see cref="Prepare"/>; then <see cref="Begin"/> for each
/// entry in order, which runs ahead of the contents; the content of each wanted file, in order, file after file; at last
/// <see cref="Finish"/>. After a fault of an entry more may come for it, which changes nothing; its end comes still. A session that ends before leaves what is needed to go on another day.
/// </remarks>
internal interface ITargetTree
{
    /// <summary>Takes an entry of the manifest and keeps it where it costs no memory; nothing is created yet.</summary>
    /// <returns>Why the whole manifest is refused (a name that no rule allows, two names that are one), or null.</returns>
    Ending? Add(TreeEntry entry);

    /// <summary>The manifest is whole and accepted: make ready to write.</summary>
    Ending? Prepare();

    /// <summary>
    /// The next entry: folders are made, and for a file it is looked up what is there. A file that nothing is known of needs nothing
    /// on the disk before its first byte comes.
    /// </summary>
    EntryPlan Begin(int index);

    /// <summary>
    /// Hashes blocks of what is there for a file of a plan with <see cref="PlanKind.Have"/>, as the file will have them: the last one
    /// has the length that the size of the manifest gives it. Blocks that are not there, or only in part, are left out.
    /// </summary>
    /// <param name="index">The file.</param>
    /// <param name="firstBlock">Where to look from.</param>
    /// <param name="hashes">Room for one hash or more of <see cref="TreeLimits.HashBytes"/> each.</param>
    /// <returns>The first run of blocks that are there at or after <paramref name="firstBlock"/>; a count of 0 when there are no more.</returns>
    BlockRun HashBlocks(int index, long firstBlock, Span<byte> hashes);

    /// <summary>Writes bytes at their place.</summary>
    TargetFault? Write(int index, long offset, ReadOnlySpan<byte> bytes);

    /// <summary>The blocks here are already right: they were hashed, and the source has the same. They must get into the file.</summary>
    TargetFault? Keep(int index, long offset, long length);

    /// <summary>Zeros here, if possible without space.</summary>
    TargetFault? Hole(int index, long offset, long length);

    /// <summary>
    /// The content is over. A whole one gets its final name; of any other all is kept that helps the next time.
    /// </summary>
    /// <param name="index">The file.</param>
    /// <param name="status">How the sender ended it.</param>
    /// <param name="size">Its size; a stream's is known only now.</param>
    /// <param name="digest">SHA-256 of the whole content if the sender gives it, else empty.</param>
    /// <returns>Null when the file is whole, durable and under its final name, or when it was not to be that.</returns>
    TargetFault? End(int index, EntryStatus status, long size, ReadOnlySpan<byte> digest);

    /// <summary>All contents are there: times of folders, links, what else comes last.</summary>
    Ending? Finish();
}
