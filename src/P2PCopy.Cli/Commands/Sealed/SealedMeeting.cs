using System.Globalization;
using P2PCopy.Cli.Commands.Legacy;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.Transfer;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>
/// The usual way: bind one UDP socket, learn its public address, exchange tickets by way of the users, and let a sealed link find the
/// peer. The socket carries everything; the copy runs inside the link.
/// </summary>
/// <param name="context">The running command.</param>
/// <param name="sends">Whether this side wants to send.</param>
/// <param name="waivesWords">Whether words that would have to be typed are waived.</param>
internal sealed class SealedMeeting(CommandContext context, bool sends, bool waivesWords) : IPeerMeeting
{
    private const string FromInput = "-";

    // Longer than any user thinks about words; the link watches the path, so UDT has to be patient only.
    private static readonly TimeSpan ForUsers = TimeSpan.FromHours(1);
    private static readonly TimeSpan BeforeSaying = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ForFarewell = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BeforeUnmapping = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LeastSilence = TimeSpan.FromMinutes(3);

    private readonly Screen _screen = context.Screen;
    private readonly ConnectionSettings _settings = context.Connection;
    private readonly PacketMemory _memory = new();
    private UdpDriver? _driver;
    private OwnAddressWatch? _address;
    private StaticKey? _key;
    private SealedLink? _link;
    private OwnTicket? _own;
    private CommonClock? _clock;
    private UdtSocket? _udt;
    private LinkWatch? _watch;
    private LegacyMeeting? _inClear;

    /// <inheritdoc/>
    public bool IsInClear => _inClear is not null;

    /// <summary>Whether the stream is for measuring the path: as much flows both ways.</summary>
    public bool Measures { get; init; }

    /// <inheritdoc/>
    public Patience Patience => _inClear?.Patience ?? Patience.Sealed;

    private Instant Now => context.Clock.Now;

    /// <inheritdoc/>
    public async Task<UdtStream> MeetAsync(CancellationToken cancellation)
    {
        if (_settings.Peer is { } given and not FromInput) PeerTalk.Check(given, Minute);
        var port = _settings.LocalPort ?? 0;
        _driver = new UdpDriver(_settings.AvoidsIPv6 ? LocalSocket.Bind(port) : LocalSocket.BindBothFamilies(port), context.Clock);
        if (_settings.LocalPort is { } chosen) _screen.Result($"Using local port: {chosen.ToString(CultureInfo.InvariantCulture)}");

        await NetworkWait.ForAddressAsync(_screen, cancellation).ConfigureAwait(false);
        _key = FreshKey.Create();
        _own = new OwnTicket(context, _key.Public, sends, _driver.LocalEndpoint.Port);
        _link = SealedLink.Start(_driver, new SealedPeerOptions { Key = _key, WantsToSend = sends, Verify = _settings.Verify, SkipWords = waivesWords });
        _address = new OwnAddressWatch(_driver, _settings, _own, _link);
        _own.Announce(await _address.LearnAsync(cancellation).ConfigureAwait(false));
        _link.SetOwnTicket(_own.Told!);
        _ = Task.Run(() => _memory.Make(sends ? CopyWindows.MadeToSend : CopyWindows.MadeToReceive), CancellationToken.None);
        _clock = new CommonClock(_settings, context.Clock, _link);

        var talk = new PeerTalk(_screen, new PeerLink(_link, _clock), TalkSettings(), () => _own.Network, () => _own.Told!, () => Minute);
        await TalkAsync(talk, _link, cancellation).ConfigureAwait(false);
        return talk.MetInClear is { } original
            ? await GoOnInClearAsync(original, _own.Network, cancellation).ConfigureAwait(false)
            : await OpenAsync(_link, talk.Met!, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<UdtStream?> MeetAgainAsync(UdtStream stream, CopyOutcome outcome, CancellationToken cancellation)
    {
        if (_inClear is not null) return await _inClear.MeetAgainAsync(stream, outcome, cancellation).ConfigureAwait(false);
        await LeaveAsync(stream).ConfigureAwait(false);
        return null;
    }

    /// <summary>The stream is not used any more: says what is to be said about the way.</summary>
    public async Task LeaveAsync(UdtStream stream)
    {
        await _watch!.DisposeAsync().ConfigureAwait(false);
        context.Trace.Leave();
        _screen.EndProgress();
        _screen.Detail(TransportDetail.Of(stream.Statistics));
        _screen.Detail(PeerText.Of(_link!.Statistics));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        context.Input.FirstLook = null;
        context.Trace.Leave();
        if (_watch is not null) await _watch.DisposeAsync().ConfigureAwait(false);
        _clock?.Dispose();
        var farewell = SayFarewellAsync();
        await Task.WhenAll(farewell, GiveBackAsync(farewell)).ConfigureAwait(false);
        if (_inClear is not null) await _inClear.DisposeAsync().ConfigureAwait(false);
        _driver?.Dispose();
        _key?.Dispose();
    }

    private async Task SayFarewellAsync()
    {
        // On a silent path the farewells of the transport cannot leave; nobody waits for that.
        if (_udt is not null) await Task.WhenAny(_udt.DisposeAsync().AsTask(), Task.Delay(ForFarewell)).ConfigureAwait(false);
        if (_link is not null) await _link.DisposeAsync().ConfigureAwait(false);
    }

    // The peer may be behind the very port that is given back, so the farewell goes first; but not for long.
    private async Task GiveBackAsync(Task farewell)
    {
        await Task.WhenAny(farewell, Task.Delay(BeforeUnmapping)).ConfigureAwait(false);
        if (_address is not null) await _address.DisposeAsync().ConfigureAwait(false);
    }

    private ushort Minute => NatTraversal.Tickets.Ticket.MinuteOf(context.Clock.UtcNow);

    private TalkSettings TalkSettings() => new()
    {
        IsInteractive = context.Surroundings.InputIsTerminal,
        WaivesWords = waivesWords,
        Measures = Measures,
        HasIPv6 = !_driver!.LocalEndpoint.IsIPv4,
        Timeout = _settings.Timeout,
    };

    // Whatever comes first: a line of the user, news of the link, a point in time.
    private async Task TalkAsync(PeerTalk talk, SealedLink link, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task? line = null, news = null;
        try
        {
            talk.Begin(_settings.Peer is FromInput ? null : _settings.Peer, Now);
            while (!talk.IsOver)
            {
                news ??= link.Events.WaitToReadAsync(over.Token).AsTask();
                if (talk.WantsLine) line ??= context.Input.WaitForLineAsync(over.Token);
                using var tick = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
                var time = talk.NextTick is var next && next == Instant.Never ? Task.Delay(Timeout.Infinite, tick.Token) : Task.Delay(Positive(next - Now), tick.Token);
                var first = await Task.WhenAny(line is null ? [news, time] : [line, news, time]).ConfigureAwait(false);
                await tick.CancelAsync().ConfigureAwait(false);
                await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellation.ThrowIfCancellationRequested();

                if (news.IsCompleted)
                {
                    news = null;
                    while (!talk.IsOver && link.Events.TryRead(out var happened))
                    {
                        context.Trace.Tell(happened);
                        talk.Hear(happened, Now);
                    }
                }

                if (!talk.IsOver && line is { IsCompleted: true })
                {
                    line = null;
                    talk.Line(context.Input.ReadLine(), Now);
                }

                if (!talk.IsOver) talk.Tick(Now);
            }
        }
        finally
        {
            _screen.AbandonPrompt();
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<UdtStream> OpenAsync(SealedLink link, SealedPeerInfo peer, CancellationToken cancellation)
    {
        _address!.StopKeepAlive();
        context.Surroundings.Events.Emit("connected", json =>
        {
            json.WriteString("remote", peer.Remote.ToString());
            json.WriteString("route", PeerText.Route(peer.Route));
            json.WriteBoolean("encrypted", value: true);
        });
        var options = new UdtOptions { Mss = UdtOptions.MssOf(link.LargestPacket), RendezvousTimeout = ForUsers, LeastSilence = LeastSilence, DeliveryReports = true, Memory = _memory };
        options = Measures ? CopyWindows.ApplyToBothWays(options) : CopyWindows.ApplyTo(options, sends);
        _udt = new UdtSocket(link, context.Connection.Rate.ApplyTo(options));
        _watch = new LinkWatch(_screen, context.Trace, link, _address.LookAgain, _address.StopKeepAlive);
        if (context.Surroundings.InputIsTerminal) context.Input.FirstLook = new PastedDuringCopy(_screen, link, _own!).Look;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _watch.Ended);
        try
        {
            var opening = _udt.RendezvousAsync(SealedPeer.VirtualPeer, either.Token);
            if (await Task.WhenAny(opening, Task.Delay(BeforeSaying, either.Token)).ConfigureAwait(false) != opening && !either.IsCancellationRequested)
                _screen.Note(peer.PeerTypesWords ? "Waiting for your peer to type the words of your screen ..." : "Waiting for your peer ...");
            var stream = await opening.ConfigureAwait(false);
            _watch.Guard(stream);
            context.Trace.Follow(stream, link);
            return stream;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw _watch.Ending ?? TalkEndings.Broken();
        }
        catch (UdtException)
        {
            throw TalkEndings.Broken();
        }
    }

    // The peer cannot do better and the user agreed. It knows our address, so the socket stays.
    private async Task<UdtStream> GoOnInClearAsync(UdpEndpoint peer, NetworkReport network, CancellationToken cancellation)
    {
        await _link!.DisposeAsync().ConfigureAwait(false);
        _inClear = new LegacyMeeting(context);
        return await _inClear.MeetAsync(_driver!, network, peer, cancellation).ConfigureAwait(false);
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
