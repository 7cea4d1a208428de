using P2PCopy.Transfer.IO.Measuring;
using P2PCopy.Transfer.Measuring;
using P2PCopy.Udt;

namespace P2PCopy.Transfer.IO;

/// <summary>
/// Finds out how fast a connection is, from memory to memory, by the protocol of docs/PROTOCOL.md section 15: bytes flow for some seconds
/// to the peer and then for as long from it. The connection is closed in every case.
/// </summary>
/// <param name="connection">The connection; it is used for one measurement.</param>
/// <param name="statistics">What the transport of the connection counts: round trips and packets.</param>
/// <param name="progress">Told ten times a second where it is; from one thread at a time, never the caller's.</param>
/// <param name="clock">The clock; the system's when <see langword="null"/>.</param>
/// <remarks>What a peer, the network or the user does comes back as a <see cref="MeasureOutcome"/>, never as an exception.</remarks>
/// <example><code>
/// var measurement = new PathMeasurement(CopyConnection.Over(stream), () => stream.Statistics);
/// var outcome = await measurement.MeasureAsync(TimeSpan.FromSeconds(10), cancellationToken);
/// if (outcome.Sent is { } sent) Console.WriteLine(sent.BytesPerSecond);
/// </code></example>
public sealed class PathMeasurement(
    CopyConnection connection, Func<UdtStatistics> statistics, Action<MeasureProgress>? progress = null, TimeProvider? clock = null)
{
    /// <summary>The longest time that can be asked for.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(MeasureSession.MostSeconds);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Measures with a peer who waits for that.</summary>
    /// <param name="each">How long bytes flow each way: whole seconds, 1 to 60.</param>
    /// <param name="cancellation">Ends it; the peer is told if it listens.</param>
    public Task<MeasureOutcome> MeasureAsync(TimeSpan each, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(each, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(each, LongestTime);
        return RunAsync(new MeasureSession(measures: true, each), cancellation);
    }

    /// <summary>Waits to be measured with, once, for as long as the peer says.</summary>
    /// <param name="cancellation">Ends it; the peer is told if it listens.</param>
    public Task<MeasureOutcome> ServeAsync(CancellationToken cancellation) => RunAsync(new MeasureSession(measures: false, TimeSpan.Zero), cancellation);

    private Task<MeasureOutcome> RunAsync(MeasureSession session, CancellationToken cancellation) => Task.Run(
        () => new MeasurePump(connection, statistics, session, progress, _clock).RunAsync(cancellation), CancellationToken.None);
}
