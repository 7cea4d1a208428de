namespace P2PCopy.Udt.IO;

/// <summary>
/// A connection that lends its own memory in both directions, so that files are read straight into what is sent and written straight
/// from what has arrived. Nobody waits in here: who finds nothing is told when it is worth asking again. One reader and one writer may use
/// it at the same time.
/// </summary>
public interface ILendingStream
{
    /// <summary>
    /// Hands over the bytes that have arrived, where they are. They stay until they are given back by <see cref="ReleaseRead"/>, and until
    /// then the peer has so much less room. More may be taken before; what lies behind the last bytes in memory continues them.
    /// </summary>
    /// <param name="readable">Called once when nothing was there and something is, or the stream has ended; from any thread, so it must be short and not use this.</param>
    /// <param name="bytes">What has arrived; empty at the end of the stream.</param>
    /// <returns>False when there is nothing yet.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    bool TryTakeReadable(Action readable, out ReadOnlyMemory<byte> bytes);

    /// <summary>Gives back the oldest <paramref name="count"/> bytes that were taken.</summary>
    void ReleaseRead(int count);

    /// <summary>Lends a good piece of free memory. Send what was filled by <see cref="CommitWritten"/>; what was not is lent again.</summary>
    /// <param name="writable">Called once when there was none and there is, or the connection has ended; as <c>readable</c> above.</param>
    /// <param name="room">The memory, to be filled from its start.</param>
    /// <returns>False when too little is free yet.</returns>
    /// <exception cref="IOException">The connection is not open any more.</exception>
    bool TryLendWritable(Action writable, out Memory<byte> room);

    /// <summary>Sends the first <paramref name="count"/> bytes of what was lent for writing.</summary>
    void CommitWritten(int count);
}
