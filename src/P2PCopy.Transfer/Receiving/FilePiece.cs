namespace P2PCopy.Transfer.Receiving;

/// <summary>A stretch of the file that arrived and is to be written in one go.</summary>
/// <param name="Offset">Where it belongs in the file.</param>
/// <param name="Length">Its bytes, never 0.</param>
/// <param name="EndsBlock">Whether the peer waits for a confirmation once it is written.</param>
internal readonly record struct FilePiece(long Offset, int Length, bool EndsBlock);
