namespace P2PCopy.Transfer.Receiving;

/// <summary>What happens when a file of the offered name is there already. It is never touched before the new one is whole.</summary>
public enum ExistingFile
{
    /// <summary>The new file gets another name: <c>name (1).ext</c>.</summary>
    KeepBoth,

    /// <summary>The new file replaces it, at the end and in one step.</summary>
    Overwrite,

    /// <summary>The offer is refused.</summary>
    Skip,
}
