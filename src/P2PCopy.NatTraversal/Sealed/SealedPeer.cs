using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Channel.Wire;
using P2PCopy.NatTraversal.Paths;

namespace P2PCopy.NatTraversal.Sealed;

/// <summary>
/// One side of a sealed link as a pure machine: it finds the peer at whatever address it has, agrees on keys with it, seals every
/// datagram, and keeps or moves the path. Protocols on its <see cref="Inner"/> see one peer at one address that never changes.
/// </summary>
/// <remarks>It composes three machines that know nothing of each other: handshakes, sessions and paths.</remarks>
/// <example><code>
/// var peer = new SealedPeer(new SealedPeerOptions { Key = key, WantsToSend = true }, random, now);
/// peer.SetTicket(ticket, now);
/// // … the loop of IDatagramProtocol, until TryReadEvent gives SealedPeerEvent.Ready …
/// peer.Inner.Add(udtEndpoint);
/// </code></example>
public sealed partial class SealedPeer : IDatagramProtocol, IDisposable
{
    /// <summary>The address under which the peer is known to inner protocols, whatever its real one is (from TEST-NET-1, RFC 5737).</summary>
    public static readonly UdpEndpoint VirtualPeer = UdpEndpoint.FromIPv4(0xc000_0201, 9);

    /// <summary>Datagrams are never longer than this, sealed, in bytes.</summary>
    internal const int LargestDatagram = 1472;

    // PROTOCOL CHN-12: whatever processor has the instructions seals several times as much, bits per second.
    private const long SlowerThanSealing = 1_000_000_000;

    // While nothing can be sent the inner protocols only keep their time; so often is enough for that.
    private static readonly TimeSpan HeldStep = TimeSpan.FromMilliseconds(100);

    private readonly SealedPeerOptions _options;
    private readonly Handshaker _handshaker;
    private readonly PeerPaths _paths;
    private readonly Queue<SealedPeerEvent> _events = new();
    private readonly EarlyPackets _early = new();
    private readonly byte[] _plain = new byte[UdtRoom];
    private UdpEndpoint? _bare;
    private bool _originalHeard;
    private bool _onlyInnerSends;
    private Instant _innerDue = Instant.Zero;

    // Inner protocols are lent more room than they may fill, as a socket's loop does.
    private const int UdtRoom = 9216;

    /// <summary>A side that knows nobody yet: it answers holders of its own ticket.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="random">A cryptographic source.</param>
    /// <param name="start">Now.</param>
    public SealedPeer(SealedPeerOptions options, IRandomBytes random, Instant start)
    {
        _options = options;
        var aegis = DataCipher.Aegis256.IsSupported() && !(options.FastestNetwork <= SlowerThanSealing);
        var handshake = new HandshakeOptions(options.WantsToSend, options.PostQuantum, DataCipher.Aes256Gcm.IsSupported(), LargestDatagram, aegis);
        _handshaker = new Handshaker(options.Key, handshake, random, start);
        _paths = new PeerPaths(random, start);
    }

    /// <summary>The protocols that run inside the link; what they send before the link is ready waits, and the first of what the peer's sent before.</summary>
    public ProtocolMux Inner { get; } = new();

    /// <summary>The longest packet that an inner protocol may send, bytes; final when the link is ready.</summary>
    public int LargestPacket => Math.Min(_paths.DatagramBytes, _chosen?.LargestDatagram ?? LargestDatagram) - (_chosen?.Overhead ?? SecureChannel.LeastOverhead);

    /// <summary>Whether nothing passes now: there is no path, or the peer is silent on all of them.</summary>
    private bool IsHeld => !_readyTold || _chosen is not { IsReady: true } || !_paths.HasCurrent || _paths.IsSuspect;

    /// <summary>The next thing that happened.</summary>
    public bool TryReadEvent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SealedPeerEvent? happened) => _events.TryDequeue(out happened);

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) =>
        (datagram.Length >= SecureChannel.LeastOverhead && DatagramHeader.Begins(datagram)) || IsOriginalPeer(datagram, remote);

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (!DatagramHeader.TryRead(datagram, out var header)) HearOriginalPeer(remote);
        else if (header.Type is not (PacketType.Data or PacketType.Control)) HandleHandshake(datagram, remote, now);
        else if (_chosen is { } chosen && chosen.LocalIndex == header.ReceiverIndex) HandleSealed(chosen, datagram, remote, now);
        else if (FindStranger(header.ReceiverIndex) is { } stranger) HandleSealed(stranger, datagram, remote, now);
        else HandleFirst(datagram, remote, now);
        Settle(now);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        HandleEarly(now);
        _chosen?.HandleTimeout(now);
        foreach (var stranger in _strangers) stranger.HandleTimeout(now);
        _paths.HandleTimeout(now);
        if (Instant.Max(Inner.NextTimeout, _innerDue) <= now)
        {
            Inner.HandleTimeout(now);
            _innerDue = IsHeld && !_endTold ? now + HeldStep : Instant.Zero;
        }

        Settle(now);
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        // The link itself has something to say after what happened to it, and is not asked again before each packet of a copy.
        if (!_onlyInnerSends)
        {
            if (_handshaker.TryTransmitReply(buffer, out transmit)) return true;
            if (TryTransmitControl(buffer, now, out transmit)) return true;
            while (_paths.TryNext(now, out var message))
                if (TryTransmitPath(message, buffer, now, out transmit)) return true;
            _onlyInnerSends = true;
        }

        return TryTransmitInner(buffer, now, out transmit);
    }

    /// <inheritdoc/>
    public Instant NextTimeout
    {
        get
        {
            // An event that a command of the user caused is read in the next step, and that is now.
            if (_events.Count > 0 || (_isClosing && !HasSaidFarewell) || (_early.Any && !Inner.IsEmpty)) return Instant.Zero;
            var next = _paths.NextTimeout;
            if (_chosen is not null) next = Instant.Min(next, _chosen.NextTimeout);
            foreach (var stranger in _strangers) next = Instant.Min(next, stranger.NextTimeout);
            var inner = Inner.NextTimeout;
            return Instant.Min(next, inner == Instant.Never ? inner : Instant.Max(inner, _innerDue));
        }
    }

    /// <summary>Wipes all keys of sessions. Nothing is sent any more: <see cref="Close"/> comes first, and time for it to leave.</summary>
    public void Dispose()
    {
        _chosen?.Dispose();
        foreach (var stranger in _strangers) stranger.Session.Dispose();
        _handshaker.Dispose();
    }

    // Where a ticket was pasted the original's packets are nobody's, so that no one can talk us into an unsealed copy.
    private bool IsOriginalPeer(ReadOnlySpan<byte> datagram, UdpEndpoint remote) =>
        _bare is { } bare && _chosen is null && bare.SameAddress(remote) && OriginalHandshake.Matches(datagram);

    private void HearOriginalPeer(UdpEndpoint remote)
    {
        if (_originalHeard) return;
        _originalHeard = true;
        _events.Enqueue(new SealedPeerEvent.OriginalPeerHeard(remote));
    }

    private void HandleEarly(Instant now)
    {
        while (!Inner.IsEmpty && _early.TryTake(out var packet)) Inner.Handle(packet, VirtualPeer, now);
    }

    private bool TryTransmitInner(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;

        // After the end nobody listens any more; what runs inside says its last words into the void, and can so end itself.
        while (_endTold && Inner.TryTransmit(_plain, now, out _)) { }

        // It is written where it is sealed, so that its bytes move once.
        var place = buffer[DatagramHeader.Length..];
        if (IsHeld || !Inner.TryTransmit(place, now, out var inner)) return false;

        // Everything inside has one destination: the peer.
        var length = _chosen!.Seal(PacketType.Data, place[..inner.Length], buffer);
        _paths.DataSent(length, now);
        transmit = new Transmit(length, _paths.CurrentEndpoint);
        return true;
    }
}
