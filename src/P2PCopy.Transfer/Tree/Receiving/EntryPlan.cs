namespace P2PCopy.Transfer.Tree.Receiving;

/// <summary>What a receiver does with an entry.</summary>
internal enum PlanKind : byte
{
    /// <summary>Nothing is to be sent: it is there already, or it is not wanted, or it cannot be taken.</summary>
    Skip = 0,

    /// <summary>Send all of it. For folders and links: it was made or will be.</summary>
    Fresh = 1,

    /// <summary>Some blocks may be here already: hash them.</summary>
    Have = 2,
}

/// <summary>The answer to <see cref="ITargetTree.Begin"/>.</summary>
/// <param name="Entry">The entry as it was added.</param>
/// <param name="Kind">What to do with it; <see cref="PlanKind.Have"/> for files only.</param>
/// <param name="Fault">Why an entry that should be taken cannot be, with <see cref="PlanKind.Skip"/>.</param>
/// <param name="LeftOut">Which rule of the user keeps it out, with <see cref="PlanKind.Skip"/>: that is no fault.</param>
internal readonly record struct EntryPlan(TreeEntry Entry, PlanKind Kind, TargetFault? Fault = null, Ending? LeftOut = null);

/// <summary>Blocks that follow each other in a file.</summary>
internal readonly record struct BlockRun(long First, int Count);

/// <summary>What went wrong with an entry at the target.</summary>
/// <param name="Ending">What happened: sentences for the user.</param>
/// <param name="EndsSession">Whether nothing more can be written at all (disk full, gone); else only this entry fails.</param>
internal sealed record TargetFault(Ending Ending, bool EndsSession);
