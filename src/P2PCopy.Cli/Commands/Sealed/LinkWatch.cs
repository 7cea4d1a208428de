using P2PCopy.Cli.Terminal;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>Reads what happens to a link while the copy uses it, tells the user, and ends the copy when the link is over.</summary>
internal sealed class LinkWatch : IAsyncDisposable
{
    // What the peer said last may still be on its way to the reader when its farewell is here.
    private static readonly TimeSpan ForLastWords = TimeSpan.FromSeconds(2);

    private readonly Screen _screen;
    private readonly TransportTrace _trace;
    private readonly SealedLink _link;
    private readonly Action _onSilence;
    private readonly Action _onRestored;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private UdtStream? _stream;

    /// <summary>Starts to read the link's events.</summary>
    /// <param name="screen">Where the user is told.</param>
    /// <param name="trace">Where it is noted.</param>
    /// <param name="link">The link.</param>
    /// <param name="onSilence">What is done when the peer is not heard any more.</param>
    /// <param name="onRestored">What is done when it is heard again.</param>
    public LinkWatch(Screen screen, TransportTrace trace, SealedLink link, Action onSilence, Action onRestored)
    {
        (_screen, _trace, _link, _onSilence, _onRestored) = (screen, trace, link, onSilence, onRestored);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Cancelled when the link is over.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>How the link ended, as the end of the command where no copy runs yet.</summary>
    public CommandFailedException? Ending { get; private set; }

    /// <summary>From now on the end of the link is the end of this stream.</summary>
    public void Guard(UdtStream stream)
    {
        _stream = stream;
        if (_ended.IsCancellationRequested) stream.Abort();
    }

    /// <summary>Says nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ended.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var happened in _link.Events.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                _trace.Tell(happened);
                // A peer whose user is still typing words is silent too.
                if (_stream is not null && LinkNews.Of(happened) is { } news) _screen.Note(news);
                if (_stream is not null && happened is SealedPeerEvent.Silent) _onSilence();
                if (happened is SealedPeerEvent.Restored) _onRestored();
                Ending = happened switch
                {
                    SealedPeerEvent.PeerClosed => TalkEndings.PeerClosed(),
                    SealedPeerEvent.NotChosen => TalkEndings.NotChosen(),
                    SealedPeerEvent.NotVerified => TalkEndings.NotVerified(),
                    SealedPeerEvent.Broken => TalkEndings.Broken(),
                    _ => null,
                };
                if (Ending is null) continue;
                if (_stream is not null && happened is not SealedPeerEvent.Broken) await Task.Delay(ForLastWords, _stop.Token).ConfigureAwait(false);
                if (_stream is not null && happened is SealedPeerEvent.PeerClosed) _screen.Note("Your peer ended the connection.");
                await _ended.CancelAsync().ConfigureAwait(false);
                _stream?.Abort();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The copy ended before the link.
        }
    }
}
