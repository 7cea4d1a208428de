using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Wire;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Paths;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.NatTraversal.Sealed;

/// <content>What the chosen session carries, and the paths that carry it.</content>
public sealed partial class SealedPeer
{
    private IReadOnlyList<Candidate> _ownCandidates = [];
    private Ticket? _ownTicket;
    private Ticket? _peerTicket;
    private CrossingPlan? _crossing;

    /// <summary>The sockets that the link needs beside the one that it runs on; what its owner runs it by has to be told.</summary>
    public SocketNeeds Sockets => _paths.Sockets;

    /// <summary>Whether <see cref="SetTime"/> matters for this peer.</summary>
    public bool NeedsTime => _paths.NeedsTime;

    /// <summary>The time that the peer has too, as well as it is known; for pairs that can only meet when both begin at the same moment.</summary>
    public void SetTime(InternetTime time, Instant now) => _paths.SetTime(time, now);

    /// <summary>What this side's user tells the peer: it says what stands in the way on this side.</summary>
    public void SetOwnTicket(Ticket own, Instant now)
    {
        ArgumentNullException.ThrowIfNull(own);
        _ownTicket = own;
        Cross(now, begins: false);
    }

    // Without a ticket of our own nothing is known of our NAT; and a new one that changes nothing interrupts nothing.
    private void Cross(Instant now, bool begins)
    {
        if (_ownTicket is not { } own || _peerTicket is not { } peer) return;
        var crossing = CrossingPlan.Between(own, peer);
        if (!begins && crossing == _crossing) return;
        _crossing = crossing;
        _paths.SetCrossing(crossing, now);
    }

    /// <summary>Addresses of this side as they are now, in place of those of its ticket; the peer is told within the session.</summary>
    public void Announce(IReadOnlyList<Candidate> own, Instant now)
    {
        _ownCandidates = own;
        _paths.AnnounceCandidates(now);
    }

    /// <summary>This computer's addresses have changed: all known addresses of the peer are tried at once.</summary>
    public void LocalAddressChanged(Instant now) => _paths.LocalAddressChanged(now);

    /// <summary>What the link has done so far.</summary>
    public SealedPeerStatistics Statistics => new(
        _paths.Current,
        _paths.CurrentRoute,
        _paths.RoundTrip,
        _paths.IsSettled ? _paths.DatagramBytes : 0,
        _chosen?.Channel.Sealed ?? 0,
        _chosen?.Channel.Opened ?? 0,
        (_chosen?.Channel.Rejected ?? 0) + (_chosen?.Channel.Replayed ?? 0));

    private void HandleSealed(PeerSession session, ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (session.TryOpen(datagram, remote, _plain, now, out var opened)) Process(opened, remote, datagram.Length, now);
    }

    private void Process(in OpenedPacket opened, UdpEndpoint remote, int bytes, Instant now)
    {
        var isTransport = opened.Type == PacketType.Data;
        _paths.Received(remote, bytes, opened.IsNewest, isTransport, now);
        if (isTransport && Inner.IsEmpty) _early.Keep(_plain.AsSpan(0, opened.Length));
        else if (isTransport) Inner.Handle(_plain.AsSpan(0, opened.Length), VirtualPeer, now);
        else HandleControl(_plain.AsSpan(0, opened.Length), remote, bytes, now);
    }

    private void HandleControl(ReadOnlySpan<byte> inner, UdpEndpoint remote, int bytes, Instant now)
    {
        if (PingPacket.TryRead(inner, out var ping)) _paths.PingReceived(remote, ping.Challenge, bytes, now);
        else if (PongPacket.TryRead(inner, out var pong)) _paths.PongReceived(remote, pong.Challenge, pong.Observed, bytes, now);
        else if (NominatePacket.TryRead(inner, out var nominate)) HandleNominate(nominate, remote, now);
        else if (CandidatesPacket.TryRead(inner, out var candidates)) HandleCandidates(candidates, remote, now);
        if (_paths.RoundTrip is { } roundTrip) _chosen!.PathMeasured(roundTrip);
    }

    private void HandleNominate(NominatePacket packet, UdpEndpoint remote, Instant now)
    {
        if (packet.IsAnswer) _paths.NominationAnswered(packet.Generation);
        else _paths.NominationReceived(remote, packet.Generation, now);
    }

    private void HandleCandidates(CandidatesPacket packet, UdpEndpoint remote, Instant now)
    {
        if (packet.IsAnswer) _paths.CandidatesAnswered(packet.Generation);
        else if (ReadCandidates(packet.Records) is { } candidates) _paths.CandidatesReceived(remote, packet.Generation, candidates, now);
    }

    private static List<Candidate>? ReadCandidates(ReadOnlySpan<byte> records)
    {
        var candidates = new List<Candidate>();
        return TicketRecords.Read(records, Ticket.MostAddresses, candidates, out _, out _) == TicketFault.None ? candidates : null;
    }

    private bool TryTransmitControl(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        foreach (var stranger in _strangers)
            if (TryTransmitToStranger(stranger, buffer, now, out transmit)) return true;

        transmit = default;
        if (_chosen is not { } session || !session.HasControl) return false;

        // PROTOCOL PATH-5: what is long waits until an address affords it; what is short goes to where the handshake came from,
        // or to where the peer was last.
        var afforded = _paths.DestinationFor(PeerSession.LongestControl);
        var room = afforded is null ? PeerSession.ShortControl : buffer.Length;
        var remote = afforded ?? session.LastRemote;
        if (!session.TryTransmitControl(buffer[..room], out var length)) return false;
        _paths.ControlSent(remote, length, now);
        transmit = new Transmit(length, remote);
        return true;
    }

    // False for a probe that cannot be written: there is nobody to shake hands with.
    private bool TryTransmitPath(in PathMessage message, Span<byte> buffer, Instant now, out Transmit transmit)
    {
        int length;
        if (message.Kind == PathMessageKind.Handshake)
        {
            if (!_handshaker.TryWriteProbe(message.Destination, buffer, now, out length))
            {
                transmit = default;
                return false;
            }
        }
        else
        {
            length = SealPathMessage(message, buffer);
        }

        transmit = new Transmit(length, message.Destination, message.TimeToLive, message.DontFragment);
        return length > 0;
    }

    private int SealPathMessage(in PathMessage message, Span<byte> buffer)
    {
        if (_chosen is not { IsOver: false } session) return 0;
        var inner = _plain.AsSpan();
        switch (message.Kind)
        {
            case PathMessageKind.Ping:
                var padding = Math.Max(0, message.PadTo - session.Overhead - PingPacket.Length);
                inner = inner[..new PingPacket { Challenge = message.Challenge, Padding = padding }.Write(inner)];
                break;
            case PathMessageKind.Pong:
                return SealPong(session, message.Challenge, message.Observed, message.PadTo, buffer);
            case PathMessageKind.Nominate:
                inner = inner[..new NominatePacket { Generation = message.Generation, IsAnswer = message.IsAnswer }.Write(inner)];
                break;
            default:
                Span<byte> records = stackalloc byte[TicketRecords.MaxLength(Ticket.MostAddresses)];
                var writer = new PacketWriter(records);
                if (!message.IsAnswer) TicketRecords.Write(ref writer, _ownCandidates);
                inner = inner[..new CandidatesPacket { Generation = message.Generation, IsAnswer = message.IsAnswer, Records = records[..writer.Length] }.Write(inner)];
                break;
        }

        return session.Seal(PacketType.Control, inner, buffer);
    }

    private int SealPong(PeerSession session, ulong challenge, UdpEndpoint observed, int bytes, Span<byte> buffer)
    {
        var padding = Math.Max(0, bytes - session.Overhead - PongPacket.Length);
        var length = new PongPacket { Challenge = challenge, Observed = observed, Padding = padding }.Write(_plain);
        return session.Seal(PacketType.Control, _plain.AsSpan(0, length), buffer);
    }

    private void ReadPathEvents()
    {
        while (_paths.TryReadEvent(out var happened))
        {
            if (!_connectedTold) continue;
            switch (happened.Kind)
            {
                case PathEventKind.Moved:
                    _events.Enqueue(new SealedPeerEvent.PathMoved(happened.Former, happened.Path, _paths.CurrentRoute ?? PathRoute.Internet));
                    break;
                case PathEventKind.Suspect:
                    _events.Enqueue(new SealedPeerEvent.Silent(happened.HeardAt));
                    break;
                case PathEventKind.Restored:
                    _events.Enqueue(new SealedPeerEvent.Restored());
                    break;
                case PathEventKind.Broken:
                    _events.Enqueue(new SealedPeerEvent.Broken());
                    break;
            }
        }
    }

    private SealedPeerInfo Describe(PeerSession session)
    {
        var plan = PlanFor(session);
        var shown = session.WordsAsked is > 0 and var asked && session.IsInitiator ? ..asked : plan.Shown;
        return new SealedPeerInfo
        {
            Remote = _paths.Current ?? session.LastRemote,
            Route = _paths.CurrentRoute ?? PathRoute.Internet,
            RoundTrip = _paths.RoundTrip,
            Trust = session.Trust,
            WordsShown = session.Words.ToArray()[shown],
            WordsToType = _wordsTyped || _options.SkipWords ? 0 : plan.Asked.GetOffsetAndLength(session.Words.Count).Length,
            PeerTypesWords = session.IsInitiator && session.WordsAsked > 0,
            PeerWantsToSend = session.PeerWantsToSend,
            Cipher = session.Cipher,
            IsPostQuantum = session.IsPostQuantum,
        };
    }
}
