using System.Globalization;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Time;
using P2PCopy.Transfer.Connecting;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands;

/// <summary>
/// From nothing to a connection with the peer: bind one UDP socket, learn its public address, exchange addresses by way of the
/// users, try until both try together. The socket carries everything: STUN, keep-alive, the connection.
/// </summary>
internal sealed class PeerMeeting(CommandContext context) : IAsyncDisposable
{
    private readonly Screen _screen = context.Screen;
    private readonly ConnectionSettings _settings = context.Connection;
    private UdpDriver? _driver;
    private NetworkProbe? _probe;
    private InternetClock? _clock;
    private UdtSocket? _udt;
    private OwnAddress? _own;

    private Instant Now => context.Clock.Now;

    /// <summary>Goes the whole way.</summary>
    /// <exception cref="CommandFailedException">A step failed for good; the report says why and what to do.</exception>
    public async Task<UdtStream> MeetAsync(CancellationToken cancellation)
    {
        var question = new PeerQuestion(context);
        question.CheckGiven();
        _driver = new UdpDriver(LocalSocket.Bind(_settings.LocalPort ?? 0), context.Clock);
        if (_settings.LocalPort is { } port) _screen.Result($"Using local port: {port.ToString(CultureInfo.InvariantCulture)}");

        _clock = InternetClock.Start(new InternetClockOptions { Servers = _settings.Ntp }, context.Clock);
        _probe = NetworkProbe.Start(_driver, new NetworkProbeOptions { Servers = _settings.Stun, IPv6 = false });
        _own = new OwnAddress(_screen, _driver.LocalEndpoint.Port);
        _probe.MappedAddressChanged += _own.Change;
        var report = await _probe.Report.WaitAsync(cancellation).ConfigureAwait(false);
        _own.Announce(report);
        _screen.Note("The copy is not encrypted: who sits on the way between you can read and change it.");

        var peer = await question.AskAsync(() => _own.All, cancellation).ConfigureAwait(false);
        _udt = new UdtSocket(_driver);
        var stream = await ConnectAsync(peer, report, cancellation).ConfigureAwait(false);
        _probe.StopKeepAlive();
        return stream;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_probe is not null && _own is not null) _probe.MappedAddressChanged -= _own.Change;
        if (_udt is not null) await _udt.DisposeAsync().ConfigureAwait(false);
        _clock?.Dispose();
        _probe?.Dispose();
        _driver?.Dispose();
    }

    private async Task<UdtStream> ConnectAsync(UdpEndpoint peer, NetworkReport report, CancellationToken cancellation)
    {
        await TellTimeSourceAsync(cancellation).ConfigureAwait(false);
        var schedule = new AttemptSchedule(Now, _settings.Timeout);
        while (schedule.Next(Now, _clock!.UtcNow) is { } attempt)
        {
            if (attempt.WaitSeconds > 0)
                _screen.Result(Invariant($"[{DateTime.Now:HH:mm:ss}] - Waiting {attempt.WaitSeconds} sec to sync with other peer"));
            await Task.Delay(Positive(attempt.Begin - Now), cancellation).ConfigureAwait(false);

            _screen.Begin(Invariant($"{attempt.Number} - Trying to connect to {peer}. "));
            if (await TryAsync(peer, attempt, cancellation).ConfigureAwait(false) is { } stream) return stream;
            foreach (var line in ConnectionHints.After(attempt.Number, report)) _screen.Note(line);
        }

        throw new CommandFailedException(ConnectionHints.GivenUp(peer, _settings.Timeout, report));
    }

    private async Task<UdtStream?> TryAsync(UdpEndpoint peer, Attempt attempt, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Positive(attempt.End - Now));
        try
        {
            var stream = await _udt!.RendezvousAsync(peer, limit.Token).ConfigureAwait(false);
            _screen.End($"Connected successfully to {peer}");
            return stream;
        }
        catch (UdtException failure)
        {
            _screen.End($"Error connecting to {peer}: {ConnectionHints.Reason(failure.Reason, attempt.End - attempt.Begin)}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _screen.End($"Error connecting to {peer}: {ConnectionHints.Reason(CloseReason.ConnectTimedOut, attempt.End - attempt.Begin)}");
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
