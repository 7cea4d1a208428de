using System.Threading.Channels;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.NatTraversal.Time;
using EventQueue = System.Threading.Channels.Channel<P2PCopy.NatTraversal.Sealed.SealedPeerEvent>;
using EventQueues = System.Threading.Channels.Channel;

namespace P2PCopy.NatTraversal.IO;

/// <summary>
/// A <see cref="SealedPeer"/> on a UDP socket. What the users exchanged goes in, what happens comes out as events, and when it is
/// ready any protocol runs on it as on a socket, towards <see cref="SealedPeer.VirtualPeer"/>.
/// </summary>
/// <example><code>
/// await using var link = SealedLink.Start(driver, new SealedPeerOptions { Key = key, WantsToSend = true });
/// link.Paste(ticket);
/// var peer = await link.Ready.WaitAsync(cancellationToken);
/// await using var udt = new UdtSocket(link, new UdtOptions { Mss = UdtOptions.MssOf(link.LargestPacket) });
/// var stream = await udt.RendezvousAsync(SealedPeer.VirtualPeer, cancellationToken);
/// </code></example>
public sealed class SealedLink : IProtocolHost, IAsyncDisposable
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromMilliseconds(300);

    private readonly UdpDriver _driver;
    private readonly SealedPeer _peer;
    private readonly List<(IDatagramProtocol Protocol, Action<Instant> Stepped)> _observers = [];
    private readonly EventQueue _events = EventQueues.CreateUnbounded<SealedPeerEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource<SealedPeerInfo> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RouteWatch _route;
    private readonly TaskCompletionSource _farewell = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SocketNeeds _sockets;

    private SealedLink(UdpDriver driver, SealedPeerOptions options)
    {
        _driver = driver;
        var now = driver.Clock.Now;
        _peer = new SealedPeer(options with { FastestNetwork = options.FastestNetwork ?? HostAddresses.FastestInterface() }, SecureRandom.Instance, now);
        _peer.SetTime(InternetTime.FromLocalClock(now, driver.Clock.UtcNow), now);
        _route = new RouteWatch(driver.LocalEndpoint, () => Statistics.Remote, ChangeLocalAddress);
    }

    /// <summary>What happens, in its order; completed when the link is disposed. One reader.</summary>
    public ChannelReader<SealedPeerEvent> Events => _events.Reader;

    /// <summary>Completes when the peer is who it should be and the path is known; fails with the link's end.</summary>
    public Task<SealedPeerInfo> Ready => _ready.Task;

    /// <inheritdoc/>
    public MonotonicClock Clock => _driver.Clock;

    /// <inheritdoc/>
    public UdpEndpoint LocalEndpoint => _driver.LocalEndpoint;

    /// <summary>The longest packet that an inner protocol may send, bytes; known when the link is ready.</summary>
    public int LargestPacket
    {
        get
        {
            using var turn = _driver.EnterTurn();
            return _peer.LargestPacket;
        }
    }

    /// <summary>What the link has done so far.</summary>
    public SealedPeerStatistics Statistics
    {
        get
        {
            using var turn = _driver.EnterTurn();
            return _peer.Statistics;
        }
    }

    /// <summary>Starts to answer on the driver's socket. The driver stays the caller's.</summary>
    public static SealedLink Start(UdpDriver driver, SealedPeerOptions options)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(options);
        var link = new SealedLink(driver, options);
        driver.Add(link._peer, link.Step);
        return link;
    }

    /// <summary>The user pasted the peer's ticket.</summary>
    /// <returns>What keeps it from being used.</returns>
    public PasteResult Paste(Ticket ticket)
    {
        using var turn = _driver.EnterTurn();
        return _peer.SetTicket(ticket, turn.Now);
    }

    /// <summary>The user pasted a bare address.</summary>
    /// <returns>What keeps it from being used.</returns>
    public PasteResult PasteBare(UdpEndpoint address)
    {
        using var turn = _driver.EnterTurn();
        return _peer.SetBareAddress(address, turn.Now);
    }

    /// <summary>What this side's user tells the peer: it says what stands in the way on this side, and so which plan fits.</summary>
    public void SetOwnTicket(Ticket own)
    {
        using var turn = _driver.EnterTurn();
        _peer.SetOwnTicket(own, turn.Now);
    }

    /// <summary>Whether the peer can be met, it may be, only at a moment that both sides have to know exactly: then <see cref="SetTime"/> helps.</summary>
    public bool NeedsTime
    {
        get
        {
            using var turn = _driver.EnterTurn();
            return _peer.NeedsTime;
        }
    }

    /// <summary>A better time than that of this computer's clock, which the link begins with.</summary>
    public void SetTime(InternetTime time)
    {
        using var turn = _driver.EnterTurn();
        _peer.SetTime(time, turn.Now);
    }

    /// <summary>Addresses of this side that came up after its ticket was made; the peer is told when there is one.</summary>
    public void Announce(IReadOnlyList<Candidate> own)
    {
        using var turn = _driver.EnterTurn();
        _peer.Announce(own, turn.Now);
    }

    /// <summary>The user typed what should be the words of the other screen.</summary>
    /// <returns>Whether they are a waiting session's; it is the peer from now on.</returns>
    public bool TryWords(string typed)
    {
        using var turn = _driver.EnterTurn();
        return _peer.TryWords(typed, turn.Now);
    }

    /// <inheritdoc/>
    public void Add(IDatagramProtocol protocol, Action<Instant>? stepped = null)
    {
        using var turn = _driver.EnterTurn();
        _peer.Inner.Add(protocol);
        if (stepped is not null) _observers.Add((protocol, stepped));
    }

    /// <inheritdoc/>
    public void Remove(IDatagramProtocol protocol)
    {
        using var turn = _driver.EnterTurn();
        _peer.Inner.Remove(protocol);
        _observers.RemoveAll(observer => observer.Protocol == protocol);
    }

    /// <inheritdoc/>
    public UdpDriver.Turn EnterTurn() => _driver.EnterTurn();

    /// <summary>Tells the peer that the session is over and leaves the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        _route.Dispose();
        using (var turn = _driver.EnterTurn())
        {
            if (!_peer.Close(turn.Now)) _farewell.TrySetResult();
        }

        try
        {
            await _farewell.Task.WaitAsync(FarewellLimit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The peer will notice the silence.
        }

        _driver.Remove(_peer);
        using (_driver.EnterTurn())
        {
            _driver.Need(default);
            _peer.Dispose();
        }

        _events.Writer.TryComplete();
        _ready.TrySetException(new OperationCanceledException("the link was closed"));
        _ = _ready.Task.Exception;
    }

    private void ChangeLocalAddress()
    {
        using var turn = _driver.EnterTurn();
        _peer.LocalAddressChanged(turn.Now);
    }

    // Asks the routing table, which has no place within a turn.
    private void Remember(UdpEndpoint remote) => ThreadPool.UnsafeQueueUserWorkItem(static state => state.Route.Remember(state.Remote), (Route: _route, Remote: remote), preferLocal: false);

    // Inside the driver's turn, after each step.
    private void Step(Instant now)
    {
        while (_peer.TryReadEvent(out var happened))
        {
            if (happened is SealedPeerEvent.Ready ready) _ready.TrySetResult(ready.Peer);
            if (happened is SealedPeerEvent.Connected connected) Remember(connected.Peer.Remote);
            if (happened is SealedPeerEvent.PathMoved moved) Remember(moved.To);
            _events.Writer.TryWrite(happened);
        }

        if (_peer.Sockets is var sockets && sockets != _sockets) _driver.Need(_sockets = sockets);
        for (var i = 0; i < _observers.Count; i++) _observers[i].Stepped(now);
        if (_peer.HasSaidFarewell) _farewell.TrySetResult();
    }
}
