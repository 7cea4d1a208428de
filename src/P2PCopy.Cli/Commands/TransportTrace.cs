using System.Runtime.InteropServices;
using System.Text.Json;
using P2PCopy.Cli.Commands.Sealed;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands;

/// <summary>
/// With <c>--trace</c>: what link and transport go through, ten times a second, as JSON lines in a file (docs/trace.md), for those who
/// look for the reason of something. No name, address, key or content is in it, so that it can be given to somebody else.
/// </summary>
internal sealed class TransportTrace : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly MonotonicClock _clock;
    private readonly Instant _begin;
    private readonly FileStream? _file;
    private readonly EventStream _lines;
    private readonly Timer? _timer;
    private volatile Followed? _followed;

    /// <summary>Where nobody asked for one.</summary>
    public static TransportTrace None { get; } = new(MonotonicClock.System, null);

    private sealed record Followed(UdtStream Stream, SealedLink? Link);

    private TransportTrace(MonotonicClock clock, FileStream? file)
    {
        (_clock, _begin, _file, _lines) = (clock, clock.Now, file, new EventStream(() => file!));
        if (file is null) return;
        _lines.TurnOn();
        _timer = new Timer(_ => Sample(), null, Every, Every);
    }

    /// <summary>Opens the file, behind what is in it; without one nothing is ever traced.</summary>
    /// <param name="path">Where, or <see langword="null"/>.</param>
    /// <param name="clock">The clock of what is traced.</param>
    /// <exception cref="CommandFailedException">It cannot be written.</exception>
    public static TransportTrace Open(string? path, MonotonicClock clock)
    {
        if (path is null) return None;
        try
        {
            var trace = new TransportTrace(clock, new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
            trace.Write("machine", json =>
            {
                json.WriteString("program", typeof(TransportTrace).Assembly.GetName().Version!.ToString(3));
                json.WriteString("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}".ToLowerInvariant());
                json.WriteNumber("processors", Environment.ProcessorCount);
            });
            return trace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CommandFailedException(new ErrorReport(
                ExitCode.LocalDisk, "The trace cannot be written.", $"The system says: {error.Message}", "Give --trace the name of a file that you may write."));
        }
    }

    /// <summary>Notes that something happened to the link.</summary>
    public void Tell(SealedPeerEvent happened)
    {
        if (!_lines.IsOn) return;
        Write("link", json =>
        {
            json.WriteString("what", NameOf(happened));
            if (happened is SealedPeerEvent.Connected connected) json.WriteString("route", PeerText.Route(connected.Peer.Route));
            if (happened is SealedPeerEvent.PathMoved moved) json.WriteString("route", PeerText.Route(moved.Route));
        });
    }

    /// <summary>From now on this stream is looked at, and the link that it runs on.</summary>
    public void Follow(UdtStream stream, SealedLink? link) => _followed = new Followed(stream, link);

    /// <summary>Looks once more, and then no more.</summary>
    public void Leave()
    {
        Sample();
        _followed = null;
    }

    /// <summary>Closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _followed = null;
        if (_timer is not null) await _timer.DisposeAsync().ConfigureAwait(false);
        if (_file is not null) await _file.DisposeAsync().ConfigureAwait(false);
    }

    private void Sample()
    {
        if (!_lines.IsOn || _followed is not { } followed) return;
        var udt = followed.Stream.Statistics;
        var link = followed.Link?.Statistics;
        Write("transport", json =>
        {
            json.WriteNumber("roundTripMicroseconds", Microseconds(udt.RoundTripTime));
            json.WriteNumber("intervalNanoseconds", udt.SendInterval.Ticks * TimeSpan.NanosecondsPerTick);
            json.WriteNumber("inFlight", udt.PacketsInFlight);
            json.WriteNumber("congestionWindow", udt.CongestionWindow);
            json.WriteNumber("flowWindow", udt.FlowWindow);
            json.WriteNumber("sent", udt.PacketsSent);
            json.WriteNumber("resent", udt.PacketsResent);
            json.WriteNumber("acknowledgedBytes", udt.BytesAcknowledged);
            json.WriteNumber("received", udt.PacketsReceived);
            json.WriteNumber("receivedBytes", udt.BytesReceived);
            json.WriteNumber("missing", udt.PacketsLost);
            json.WriteNumber("twice", udt.PacketsDuplicate);
            json.WriteNumber("invalid", udt.PacketsInvalid);
            json.WriteNumber("expirations", udt.Expirations);
            if (link is not { } sealing) return;
            json.WriteNumber("sealed", sealing.DatagramsSealed);
            json.WriteNumber("opened", sealing.DatagramsOpened);
            json.WriteNumber("refused", sealing.DatagramsRefused);
            json.WriteNumber("datagramBytes", sealing.DatagramBytes);
            if (sealing.Route is { } route) json.WriteString("route", PeerText.Route(route));
        });
    }

    private void Write(string name, Action<Utf8JsonWriter> fields) => _lines.Emit(name, json =>
    {
        json.WriteNumber("microseconds", Microseconds(_clock.Now - _begin));
        fields(json);
    });

    private static string NameOf(SealedPeerEvent happened) => happened switch
    {
        SealedPeerEvent.StrangerArrived => "stranger",
        SealedPeerEvent.StrangerLeft => "strangerLeft",
        SealedPeerEvent.Connected => "connected",
        SealedPeerEvent.Ready => "ready",
        SealedPeerEvent.PathMoved => "moved",
        SealedPeerEvent.Silent => "silent",
        SealedPeerEvent.Restored => "restored",
        SealedPeerEvent.Broken => "broken",
        SealedPeerEvent.PeerClosed => "closed",
        SealedPeerEvent.NotChosen => "notChosen",
        SealedPeerEvent.NotVerified => "notVerified",
        SealedPeerEvent.RolesConflict => "rolesConflict",
        _ => "original",
    };

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
