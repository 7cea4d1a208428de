using System.Globalization;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Time;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Connecting;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands.Legacy;

/// <summary>
/// The original's way: bind one UDP socket, learn its public address, exchange addresses by way of the users, try in common slots
/// of time until both try together. The socket carries everything: STUN, keep-alive, the connection, in clear.
/// </summary>
internal sealed class LegacyMeeting(CommandContext context) : IPeerMeeting
{
    private readonly Screen _screen = context.Screen;
    private readonly ConnectionSettings _settings = context.Connection;
    private UdpDriver? _driver;
    private UdpDriver? _host;
    private NetworkProbe? _probe;
    private InternetClock? _clock;
    private UdtSocket? _udt;
    private OwnAddress? _own;
    private NetworkReport? _report;
    private UdpEndpoint _peer;

    /// <inheritdoc/>
    public bool IsInClear => true;

    /// <inheritdoc/>
    public Patience Patience => Patience.Original;

    private Instant Now => context.Clock.Now;

    /// <inheritdoc/>
    public async Task<UdtStream> MeetAsync(CancellationToken cancellation)
    {
        var question = new PeerQuestion(context);
        question.CheckGiven();
        _host = _driver = new UdpDriver(LocalSocket.Bind(_settings.LocalPort ?? 0), context.Clock);
        if (_settings.LocalPort is { } port) _screen.Result($"Using local port: {port.ToString(CultureInfo.InvariantCulture)}");

        await NetworkWait.ForAddressAsync(_screen, cancellation).ConfigureAwait(false);
        _clock = InternetClock.Start(new InternetClockOptions { Servers = _settings.Ntp }, context.Clock);
        _probe = NetworkProbe.Start(_driver, new NetworkProbeOptions { Servers = _settings.Stun, IPv6 = false });
        _own = new OwnAddress(_screen, _driver.LocalEndpoint.Port);
        _probe.MappedAddressChanged += _own.Change;
        _probe.Corrected += Correct;
        _report = await _probe.Report.WaitAsync(cancellation).ConfigureAwait(false);
        _own.Announce(_report);
        _screen.Note("The copy is not encrypted: who sits on the way between you can read and change it.");

        _peer = await question.AskAsync(() => _own.All, cancellation).ConfigureAwait(false);
        return await BeginAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Goes the rest of the way, where another meeting has found out that the peer runs the original program.</summary>
    /// <param name="driver">The socket that the peer knows; it stays the caller's.</param>
    /// <param name="report">What the network is like.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="cancellation">Ctrl+C.</param>
    /// <exception cref="CommandFailedException">The peer was not met in time.</exception>
    public async Task<UdtStream> MeetAsync(UdpDriver driver, NetworkReport report, UdpEndpoint peer, CancellationToken cancellation)
    {
        (_host, _report, _peer) = (driver, report, peer);
        _clock = InternetClock.Start(new InternetClockOptions { Servers = _settings.Ntp }, context.Clock);
        return await BeginAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Meets the same peer once more, when it turned out not to have noticed the first meeting: its try had just ended, and it began
    /// the next one.
    /// </summary>
    public async Task<UdtStream?> MeetAgainAsync(UdtStream stream, CopyOutcome outcome, CancellationToken cancellation)
    {
        context.Trace.Leave();
        _screen.EndProgress();
        _screen.Detail(TransportDetail.Of(stream.Statistics));
        if (outcome.Kind != OutcomeKind.BrokenOff || stream.CloseReason != CloseReason.PeerRestarted) return null;
        _screen.Note("The peer's program had not noticed the connection and begins anew; so does this one.");
        return await ConnectAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        context.Trace.Leave();
        if (_probe is not null && _own is not null)
        {
            _probe.MappedAddressChanged -= _own.Change;
            _probe.Corrected -= Correct;
        }

        if (_udt is not null) await _udt.DisposeAsync().ConfigureAwait(false);
        _clock?.Dispose();
        _probe?.Dispose();
        _driver?.Dispose();
    }

    private void Correct(NetworkReport report)
    {
        _report = report;
        if (report.MappedEndpoint is { } mapped) _own!.Change(mapped);
    }

    private async Task<UdtStream> BeginAsync(CancellationToken cancellation)
    {
        // The original names the message type in its handshakes, although it streams.
        _udt = new UdtSocket(_host!, _settings.Rate.ApplyTo(new UdtOptions { SocketType = UdtSocketType.Message }));
        await TellTimeSourceAsync(cancellation).ConfigureAwait(false);
        return await ConnectAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<UdtStream> ConnectAsync(CancellationToken cancellation)
    {
        var schedule = new AttemptSchedule(Now, _settings.Timeout);
        while (schedule.Next(Now, _clock!.UtcNow) is { } attempt)
        {
            if (attempt.WaitSeconds > 0)
                _screen.Result(Invariant($"[{DateTime.Now:HH:mm:ss}] - Waiting {attempt.WaitSeconds} sec to sync with other peer"));
            await Task.Delay(Positive(attempt.Begin - Now), cancellation).ConfigureAwait(false);

            _screen.Begin(Invariant($"{attempt.Number} - Trying to connect to {_peer}. "));
            if (await TryAsync(attempt, cancellation).ConfigureAwait(false) is { } stream)
            {
                _probe?.StopKeepAlive();
                return stream;
            }

            foreach (var line in ConnectionHints.After(attempt.Number, _report!)) _screen.Note(line);

            // At most once in ten minutes, and never waited for.
            _ = _clock.RefreshAsync();
        }

        throw new CommandFailedException(ConnectionHints.GivenUp(_peer, _settings.Timeout, _report!));
    }

    private async Task<UdtStream?> TryAsync(Attempt attempt, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Positive(attempt.End - Now));
        try
        {
            var stream = await _udt!.RendezvousAsync(_peer, limit.Token).ConfigureAwait(false);
            context.Surroundings.Events.Emit("connected", json =>
            {
                json.WriteString("remote", _peer.ToString());
                json.WriteBoolean("encrypted", value: false);
            });
            _screen.End($"Connected successfully to {_peer}");
            context.Trace.Follow(stream, link: null);
            return stream;
        }
        catch (UdtException failure)
        {
            _screen.End($"Error connecting to {_peer}: {ConnectionHints.Reason(failure.Reason, attempt.End - attempt.Begin)}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _screen.End($"Error connecting to {_peer}: {ConnectionHints.Reason(CloseReason.ConnectTimedOut, attempt.End - attempt.Begin)}");
        }

        return null;
    }

    // Its first reading was asked for when the program started, so this waits for nothing in practice.
    private async Task TellTimeSourceAsync(CancellationToken cancellation)
    {
        var time = await _clock!.FirstReading.WaitAsync(cancellation).ConfigureAwait(false);
        if (time.Source == TimeSource.LocalClock)
            _screen.Note(_settings.Ntp is { Count: 0 } ? "Using this computer's clock." : "Could not read internet time; using this computer's clock.");
        else if (time.ServersDisagree)
            _screen.Note("The time servers disagree; using the middle of what they say.");
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
