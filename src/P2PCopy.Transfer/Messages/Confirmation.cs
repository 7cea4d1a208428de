namespace P2PCopy.Transfer.Messages;

/// <summary>The byte that answers each block.</summary>
internal static class Confirmation
{
    /// <summary>The block was written; after the last one: the file is whole, synced and under its final name.</summary>
    public const byte Written = 1;

    /// <summary>The receiver does not want the file or could not write it. No more will be confirmed.</summary>
    public const byte Failed = 0;
}
