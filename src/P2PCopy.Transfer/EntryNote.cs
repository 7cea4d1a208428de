namespace P2PCopy.Transfer;

/// <summary>An entry that was not copied, and why.</summary>
/// <param name="Path">Where it is, or would be, on this computer; at the receiver a stranger's text below the chosen folder.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Why">The same for people: half of a sentence, such as "it exists here already".</param>
public sealed record EntryNote(string Path, EntryReason Reason, string Why)
{
    /// <summary>Most of them that a copy tells; the rest is counted.</summary>
    public const int Most = 32;

    /// <summary>Whether a rule of the receiver kept it out, which is no failure.</summary>
    public bool IsByRule => ReasonIsRule(Reason);

    internal static bool ReasonIsRule(EntryReason reason) => reason is EntryReason.Exists or EntryReason.Obeyed or EntryReason.Link;
}
