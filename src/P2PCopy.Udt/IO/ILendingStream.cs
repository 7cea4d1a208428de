namespace P2PCopy.Udt.IO;

/// <summary>
/// A connection that lends its own memory in both directions, so that files are read straight into what is sent and written straight
/// from what has arrived. One reader and one writer may use it at the same time.
/// </summary>
public interface ILendingStream
{
    /// <summary>
    /// Waits for bytes and hands them over where they arrived; empty at the end of the stream. They stay until they are given back by
    /// <see cref="ReleaseRead"/>, and until then the peer has so much less room. More may be taken before; what lies behind the last
    /// bytes in memory continues them.
    /// </summary>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask<ReadOnlyMemory<byte>> TakeReadableAsync(CancellationToken cancellationToken);

    /// <summary>Gives back the oldest <paramref name="count"/> bytes that were taken.</summary>
    void ReleaseRead(int count);

    /// <summary>
    /// Waits until a good piece of memory is free and lends it. Send what was filled by <see cref="CommitWritten"/>; what was not is lent again.
    /// </summary>
    /// <exception cref="IOException">The connection is not open any more.</exception>
    ValueTask<Memory<byte>> LendWritableAsync(CancellationToken cancellationToken);

    /// <summary>Sends the first <paramref name="count"/> bytes of what was lent for writing.</summary>
    void CommitWritten(int count);
}
