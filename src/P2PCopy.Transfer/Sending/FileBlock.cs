namespace P2PCopy.Transfer.Sending;

/// <summary>A stretch of the file that travels as one block.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Its bytes, never 0.</param>
internal readonly record struct FileBlock(long Offset, int Length);
