namespace P2PCopy.Transfer;

/// <summary>How far a copy is.</summary>
/// <param name="Bytes">Bytes that the peer confirmed (sender) or that were written (receiver).</param>
/// <param name="Total">Size of the file in bytes.</param>
/// <param name="Elapsed">Time since the copy began; at the receiver since the offer was accepted.</param>
/// <param name="Silence">Time since the last sign of progress.</param>
/// <param name="Final">Whether this is the last report of the copy.</param>
public readonly record struct CopyProgress(long Bytes, long Total, TimeSpan Elapsed, TimeSpan Silence, bool Final);
