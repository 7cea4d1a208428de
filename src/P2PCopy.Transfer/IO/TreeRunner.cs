using System.Diagnostics.CodeAnalysis;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.Transfer.IO;

/// <summary>
/// Copies files, folders, a stream or a text over a connection by the protocol of docs/PROTOCOL.md section 13, as its sender or as its
/// receiver, and closes the connection in every case. The connection must be authenticated and encrypted by itself.
/// </summary>
/// <param name="connection">The connection; it is used for one copy.</param>
/// <param name="progress">
/// Told at most every 100 ms and at least every second how far the copy is, once the receiver has accepted, and once more at its end;
/// from one thread at a time, never the caller's.
/// </param>
/// <param name="arrived">Told of each file that is whole, in order, from the same thread.</param>
/// <param name="clock">The clock; the system's when <see langword="null"/>.</param>
/// <remarks>What a peer, the network, a disk or the user does comes back as a <see cref="CopyOutcome"/>, never as an exception.</remarks>
/// <example><code>
/// var runner = new TreeRunner(CopyConnection.Over(stream));
/// var outcome = await runner.SendAsync(source, new SendOptions(), cancellationToken);
/// Console.WriteLine(outcome.Sentence);
/// </code></example>
public sealed class TreeRunner(CopyConnection connection, Action<CopyProgress>? progress = null, Action<ArrivedFile>? arrived = null, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Sends everything and waits until the receiver has it.</summary>
    /// <param name="source">What to send; it stays the caller's.</param>
    /// <param name="options">How to send; the name is not used.</param>
    /// <param name="cancellation">Ends the copy; the peer is told if it listens.</param>
    public Task<CopyOutcome> SendAsync(TreeSource source, SendOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(
            async () =>
            {
                using var pump = new TreeSendPump(connection, source, options, new CopyWatch(_clock, progress, options.StallLimit), arrived);
                return await pump.RunAsync(cancellation).ConfigureAwait(false);
            },
            CancellationToken.None);
    }

    /// <summary>Receives what the peer offers into a folder, if it is safe and wanted.</summary>
    /// <param name="options">What is taken and where to.</param>
    /// <param name="decide">
    /// Asked once, before anything is written. Its token ends when the peer goes, when <see cref="ReceiveOptions.DecisionLimit"/>
    /// is over, or by <paramref name="cancellation"/>; an answer after that does not count.
    /// </param>
    /// <param name="cancellation">Ends the copy; what has come is kept for another day.</param>
    public Task<CopyOutcome> ReceiveAsync(
        ReceiveOptions options, Func<TreeOffer, CancellationToken, ValueTask<OfferDecision>> decide, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(decide);
        var settings = new TargetTreeOptions
        {
            Existing = options.Existing,
            AllowSensitive = options.AllowSensitive,
            AllowLinks = options.AllowLinks,
            MaxSize = options.MaxSize,
            IsUnattended = options.IsUnattended,
        };
        return ReceiveAsync(options, decide, Open, cancellation);

        IReceivingTarget? Open(Action<ArrivedFile> note, out Ending? failure) =>
            TargetTree.TryOpen(options.Folder, settings, out var tree, out failure, note) ? tree : null;
    }

    /// <summary>Receives the one file or stream that the peer offers, and writes it to a stream as it comes.</summary>
    /// <param name="content">Where to; it stays the caller's.</param>
    /// <param name="options">What is taken; the folder is not used.</param>
    /// <param name="decide">As above.</param>
    /// <param name="cancellation">Ends the copy.</param>
    public Task<CopyOutcome> ReceiveToStreamAsync(
        Stream content, ReceiveOptions options, Func<TreeOffer, CancellationToken, ValueTask<OfferDecision>> decide, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(decide);
        return ReceiveAsync(options with { Folder = "" }, decide, Open, cancellation);

        [SuppressMessage("Performance", "CA1859", Justification = "The delegate's type.")]
        IReceivingTarget? Open(Action<ArrivedFile> note, out Ending? failure)
        {
            failure = null;
            return new StreamTarget(content, options.MaxSize, note);
        }
    }

    private delegate IReceivingTarget? TargetOpening(Action<ArrivedFile> note, out Ending? failure);

    private Task<CopyOutcome> ReceiveAsync(
        ReceiveOptions options, Func<TreeOffer, CancellationToken, ValueTask<OfferDecision>> decide, TargetOpening open, CancellationToken cancellation) =>
        Task.Run(
            async () =>
            {
                TargetDisk? disk = null;
                if (open(file => disk!.Note(file), out var failure) is not { } target)
                {
                    await connection.EndAsync(TimeSpan.Zero, _clock).ConfigureAwait(false);
                    return CopyOutcome.From(failure!);
                }

                disk = new TargetDisk { Target = target };
                using var pump = new TreeReceivePump(connection, options, disk, decide, new CopyWatch(_clock, progress, options.StallLimit), arrived);
                return await pump.RunAsync(cancellation).ConfigureAwait(false);
            },
            CancellationToken.None);
}
