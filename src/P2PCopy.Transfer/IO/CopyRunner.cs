using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.Transfer.IO;

/// <summary>Copies one file over a connection, as its sender or as its receiver, and closes the connection in every case.</summary>
/// <param name="connection">The connection; it is used for one copy.</param>
/// <param name="progress">
/// Told at most every 100 ms and at least every second how far the copy is, and once more at its end; from one thread at a time,
/// never the caller's.
/// </param>
/// <param name="clock">The clock; the system's when <see langword="null"/>.</param>
/// <remarks>What a peer, the network, a disk or the user does comes back as a <see cref="CopyOutcome"/>, never as an exception.</remarks>
/// <example><code>
/// var runner = new CopyRunner(CopyConnection.Over(stream));
/// var outcome = await runner.SendAsync(source, new SendOptions(), cancellationToken);
/// Console.WriteLine(outcome.Sentence);
/// </code></example>
public sealed class CopyRunner(CopyConnection connection, Action<CopyProgress>? progress = null, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Sends the file and waits until the receiver has it under its final name.</summary>
    /// <param name="source">The open file; it stays the caller's.</param>
    /// <param name="options">How to send.</param>
    /// <param name="cancellation">Ends the copy at once.</param>
    public Task<CopyOutcome> SendAsync(FileSource source, SendOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(
            async () =>
            {
                using var pump = new SendPump(connection, source, options, new CopyWatch(_clock, progress, options.StallLimit));
                return await pump.RunAsync(cancellation).ConfigureAwait(false);
            },
            CancellationToken.None);
    }

    /// <summary>Receives the file that the peer offers, if it is safe and wanted.</summary>
    /// <param name="options">What is taken and where to.</param>
    /// <param name="decide">
    /// Asked once, before anything is written. Its token ends when the peer goes, when <see cref="ReceiveOptions.DecisionLimit"/>
    /// is over, or by <paramref name="cancellation"/>; an answer after that does not count.
    /// </param>
    /// <param name="cancellation">Ends the copy at once.</param>
    public Task<CopyOutcome> ReceiveAsync(
        ReceiveOptions options,
        Func<Offer, CancellationToken, ValueTask<OfferDecision>> decide,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(decide);
        return Task.Run(
            async () =>
            {
                using var pump = new ReceivePump(connection, options, decide, new CopyWatch(_clock, progress, options.StallLimit));
                return await pump.RunAsync(cancellation).ConfigureAwait(false);
            },
            CancellationToken.None);
    }
}
