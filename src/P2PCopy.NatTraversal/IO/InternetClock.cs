using System.Net.Sockets;
using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.NatTraversal.IO;

/// <summary>
/// Internet time, read in the background from the start on, so that it delays nothing. Without an answer it is this computer's clock,
/// and says so.
/// </summary>
/// <example><code>
/// using var clock = InternetClock.Start();
/// var time = await clock.FirstReading;
/// var slot = StartSchedule.Next(time.At(now));
/// </code></example>
public sealed class InternetClock : IDisposable
{
    private const int MaxServers = 4;

    private static readonly TimeSpan MinRest = TimeSpan.FromMinutes(10);

    // The servers of Google are left out: around a leap second they serve a smeared time.
    private static readonly (ServerName Name, int Addresses)[] BuiltIn =
    [
        (new("pool.ntp.org", ServerList.NtpPort), 2),
        (new("time.cloudflare.com", ServerList.NtpPort), 1),
        (new("time.apple.com", ServerList.NtpPort), 1),
    ];

    private readonly (ServerName Name, int Addresses)[] _servers;
    private readonly MonotonicClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<UdpEndpoint> _refusing = [];
    private InternetTime _current;
    private Task<InternetTime> _round;
    private Instant _roundBegun;

    private InternetClock(InternetClockOptions options, MonotonicClock clock)
    {
        _servers = options.Servers is { } servers ? servers.Distinct().Take(MaxServers).Select(name => (name, 1)).ToArray() : BuiltIn;
        _clock = clock;
        _current = InternetTime.FromLocalClock(clock.Now, clock.UtcNow);
        _roundBegun = clock.Now;
        _round = Task.Run(ReadAsync);
        FirstReading = _round;
    }

    /// <summary>
    /// The first result: usually within 0.2 s, at most 2 s when names or servers do not answer. Never fails; without an answer its
    /// source is <see cref="TimeSource.LocalClock"/>.
    /// </summary>
    public Task<InternetTime> FirstReading { get; }

    /// <summary>The best that is known now; this computer's clock until a server has answered.</summary>
    public InternetTime Current => Volatile.Read(ref _current);

    /// <summary>The time now.</summary>
    public DateTimeOffset UtcNow => Current.At(_clock.Now);

    /// <summary>Starts to read the time and returns at once.</summary>
    /// <param name="options">Whom to ask.</param>
    /// <param name="clock">The monotonic clock the time is tied to; the system's when <see langword="null"/>.</param>
    public static InternetClock Start(InternetClockOptions? options = null, MonotonicClock? clock = null) =>
        new(options ?? new InternetClockOptions(), clock ?? MonotonicClock.System);

    /// <summary>Reads the time again, but at most once in ten minutes; before that it gives what is there. Never fails.</summary>
    public Task<InternetTime> RefreshAsync()
    {
        lock (_gate)
        {
            if (!_round.IsCompleted) return _round;
            if (_clock.Now - _roundBegun < MinRest || _stop.IsCancellationRequested) return Task.FromResult(Current);
            _roundBegun = _clock.Now;
            return _round = Task.Run(ReadAsync);
        }
    }

    /// <summary>Stops asking. <see cref="Current"/> stays as it is.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested) _stop.Cancel();
        }
    }

    private async Task<InternetTime> ReadAsync()
    {
        var answers = await Task.WhenAll(_servers.Select(server => AskAsync(server.Name, server.Addresses))).ConfigureAwait(false);
        var samples = answers.SelectMany(of => of).ToArray();
        if (InternetTime.FromSamples(samples) is { } time) Volatile.Write(ref _current, time);
        else if (Current.Source == TimeSource.LocalClock) Volatile.Write(ref _current, InternetTime.FromLocalClock(_clock.Now, _clock.UtcNow));
        return Current;
    }

    private async Task<NtpSample[]> AskAsync(ServerName server, int addresses)
    {
        var resolved = await NameResolver.ResolveAsync(server, _stop.Token).ConfigureAwait(false);
        var usable = resolved.Where(IsWilling).ToArray();
        var preferred = usable.Any(endpoint => endpoint.IsIPv4) ? usable.Where(endpoint => endpoint.IsIPv4) : usable;
        var samples = await Task.WhenAll(preferred.Take(addresses).Select(AskAsync)).ConfigureAwait(false);
        return samples.OfType<NtpSample>().ToArray();
    }

    private async Task<NtpSample?> AskAsync(UdpEndpoint server)
    {
        var machine = new NtpClient(server, RandomNumberGenerator.Fill, _clock.Now);
        try
        {
            await ConnectedExchange.RunAsync(machine, server, () => machine.State != NtpState.Pending, _clock, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // No route, port closed, stopped: a server that does not answer.
            return null;
        }

        if (machine.State == NtpState.Refused)
            lock (_gate) _refusing.Add(server);
        return machine.State == NtpState.Answered ? machine.Sample : null;
    }

    private bool IsWilling(UdpEndpoint server)
    {
        lock (_gate) return !_refusing.Contains(server);
    }
}
