using P2PCopy.Transfer.Tree;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>An entry that the target did not take.</summary>
/// <param name="Index">Its place in the manifest.</param>
/// <param name="Path">Where it would have been.</param>
/// <param name="Ending">Why not.</param>
/// <param name="IsLate">Whether it had already been taken for whole, so that it counts only now.</param>
internal readonly record struct TargetNote(int Index, string Path, Ending Ending, bool IsLate)
{
    public EntryNote ToEntryNote() => new(Path, Ending.Reason, EntryReasons.Clause(Ending.Reason, atReceiver: true));
}
