using P2PCopy.Transfer;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands;

/// <summary>A way from nothing to a stream to the peer, and what is to be said about the way while and after the copy uses it.</summary>
internal interface IPeerMeeting : IAsyncDisposable
{
    /// <summary>Finds oneself, asks the user for the peer, and connects.</summary>
    /// <param name="cancellation">Ctrl+C.</param>
    /// <exception cref="Terminal.CommandFailedException">A step failed for good; the report says why and what to do.</exception>
    Task<UdtStream> MeetAsync(CancellationToken cancellation);

    /// <summary>Whether the way is the original's, in clear, and takes one file only; known once they have met.</summary>
    bool IsInClear { get; }

    /// <summary>How patient the copy should be; known once they have met.</summary>
    Patience Patience { get; }

    /// <summary>A copy over the stream ended: says what is to be said about the way, and meets the peer anew where that helps.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="outcome">How the copy ended.</param>
    /// <param name="cancellation">Ctrl+C.</param>
    /// <returns>Another stream for the same copy; <see langword="null"/> when the end stands.</returns>
    Task<UdtStream?> MeetAgainAsync(UdtStream stream, CopyOutcome outcome, CancellationToken cancellation);
}
