namespace P2PCopy.Transfer.Tree;

/// <summary>The reasons in words, as the half of a sentence that follows "since".</summary>
internal static class EntryReasons
{
    /// <summary>Says it to the user of one side.</summary>
    /// <param name="reason">Why an entry was not copied.</param>
    /// <param name="atReceiver">Whether that user is the receiver.</param>
    public static string Clause(EntryReason reason, bool atReceiver)
    {
        var there = atReceiver ? "here" : "at your peer";
        return reason switch
        {
            EntryReason.Exists => $"something of its name exists {there}",
            EntryReason.Obeyed => $"other programs {there} would obey it unasked",
            EntryReason.Link => $"links are not taken {there} without --links",
            EntryReason.LinkOutside => "the link leads out of what is sent",
            EntryReason.InTheWay => $"something of another kind has its name {there}",
            EntryReason.Permission => $"the permissions of its folder {there} do not allow it",
            EntryReason.NameTooLong => $"its name is too long for the disk {there}",
            EntryReason.TooLarge => $"the disk {there} does not take files of its size",
            EntryReason.NoFolder => $"its folder {there} is gone",
            EntryReason.NotVerified => $"what was written {there} is not what was sent",
            EntryReason.ChangedThere => $"its older version {there} was changed meanwhile",
            EntryReason.SourceChanged => atReceiver ? "it changed at your peer meanwhile" : "it changed since the copy began",
            EntryReason.SourceUnreadable => atReceiver ? "your peer cannot read it" : "it cannot be read",
            _ => $"the disk {there} failed",
        };
    }
}
