using P2PCopy.Udt.IO;

namespace P2PCopy.Transfer.IO;

/// <summary>What a copy needs of a connection.</summary>
/// <param name="Stream">Both directions. Reading gives 0 when the peer has closed, and throws <see cref="IOException"/> when the connection broke.</param>
/// <param name="Lender">The same, lending its memory to those who read and write files.</param>
/// <param name="BytesAcknowledged">Bytes that the peer's transport has acknowledged: its growth is a sign of life.</param>
/// <param name="CloseAsync">Waits until what was written is acknowledged, then closes.</param>
/// <param name="Abort">Ends the connection at once; reads and writes under way fail.</param>
public sealed record CopyConnection(Stream Stream, ILendingStream Lender, Func<long> BytesAcknowledged, Func<CancellationToken, Task> CloseAsync, Action Abort)
{
    /// <summary>How long a polite close may take before the connection is given up.</summary>
    internal static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);

    /// <summary>A copy over UDT.</summary>
    /// <param name="stream">The connected stream.</param>
    public static CopyConnection Over(UdtStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new CopyConnection(
            stream, stream, () => stream.Statistics.BytesAcknowledged, cancellation => stream.CloseAsync(CloseLimit, cancellation), stream.Abort);
    }

    /// <summary>Closes, giving what was written so much time to arrive, then ends the connection.</summary>
    internal async Task EndAsync(TimeSpan patience, TimeProvider clock)
    {
        using var limit = new CancellationTokenSource(patience, clock);
        await EndAsync(patience > TimeSpan.Zero, clock, limit.Token).ConfigureAwait(false);
    }

    /// <summary>Closes politely when the copy is done, and at once otherwise.</summary>
    internal async Task EndAsync(bool politely, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            if (politely) await CloseAsync(cancellation).WaitAsync(CloseLimit, clock, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer went first, nobody is there to be polite to, or the user does not want to wait.
        }

        Abort();
    }
}
