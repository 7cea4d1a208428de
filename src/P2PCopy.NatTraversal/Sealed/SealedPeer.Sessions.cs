using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Channel.Wire;
using P2PCopy.NatTraversal.Channel.Words;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Sealed;

/// <content>Which session is the peer's: the one with the ticket's key, or the one whose words somebody typed.</content>
public sealed partial class SealedPeer
{
    private readonly List<Stranger> _strangers = [];
    private PeerSession? _chosen;
    private int _strangersSeen;
    private bool _connectedTold;
    private bool _wordsTyped;
    private bool _readyTold;
    private bool _endTold;
    private bool _isClosing;

    /// <summary>The user pasted the peer's ticket: from now on it is the peer, wherever it is. Also a newer one of the same peer.</summary>
    /// <returns>What keeps it from being used.</returns>
    public PasteResult SetTicket(Ticket ticket, Instant now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var result = _handshaker.SetPeer(ticket.PublicKey, ticket.WantsToSend, now);
        if (result != PasteResult.Taken) return result;
        _bare = null;
        _peerTicket = ticket;
        Cross(now, begins: true);
        _paths.SetPeerCandidates(ticket.Addresses, now);

        // A stranger that came before its ticket was pasted is none any more.
        if (_chosen is null && _strangers.Find(known => known.Session.RemoteKey == ticket.PublicKey) is { } peer) Choose(peer.Session, 0, now);
        Settle(now);
        return result;
    }

    /// <summary>The user pasted a bare address: whoever answers there is the peer if the words agree.</summary>
    /// <returns>What keeps it from being used.</returns>
    public PasteResult SetBareAddress(UdpEndpoint address, Instant now)
    {
        var result = _handshaker.SetBarePeer(address, now);
        if (result != PasteResult.Taken) return result;
        (_bare, _originalHeard) = (address, false);
        _paths.SetCrossing(CrossingPlan.Unknown, now);
        _paths.SetPeerCandidates([new Candidate(CandidateKind.Reflexive, address)], now);
        return result;
    }

    /// <summary>What a user typed as the words of the other screen.</summary>
    /// <returns>Whether they belong to a session that waits for them; it is the peer from now on.</returns>
    public bool TryWords(string typed, Instant now)
    {
        ArgumentNullException.ThrowIfNull(typed);
        if (_chosen is { } chosen)
        {
            if (!chosen.IsConfirmed || _wordsTyped || !Fits(typed, chosen, PlanFor(chosen))) return false;
            _wordsTyped = true;
            _handshaker.Choose(chosen);
            Settle(now);
            return true;
        }

        var matches = _strangers.FindAll(stranger => stranger.Session.IsConfirmed && Fits(typed, stranger.Session, stranger.Plan));
        if (matches.Count > 1)
        {
            // PROTOCOL KEY-8: two words were too few to tell them apart.
            foreach (var match in matches) match.Plan = WordsPlan.For(PeerTrust.OneWayTicket, match.Session.IsInitiator, false, 1, severalMatch: true);
            foreach (var match in matches) Announce(match);
            return false;
        }

        if (matches.Count == 0) return false;
        _wordsTyped = true;
        Choose(matches[0].Session, 0, now);
        Settle(now);
        return true;
    }

    /// <summary>Ends the session, if there is one, and tells the peer.</summary>
    /// <returns>Whether there is something to send first: wait for <see cref="HasSaidFarewell"/>.</returns>
    public bool Close(Instant now)
    {
        _isClosing = true;
        _chosen?.Close(CloseReason.Ended);
        foreach (var stranger in _strangers) stranger.Session.Close(CloseReason.NotChosen);
        return !HasSaidFarewell;
    }

    /// <summary>Whether the farewell of <see cref="Close"/> has left.</summary>
    public bool HasSaidFarewell => _isClosing && !(_chosen?.HasControl ?? false) && !_strangers.Exists(stranger => stranger.Session.HasControl);

    private void HandleHandshake(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        var outcome = _handshaker.Handle(datagram, remote, now);
        if (outcome.Result == HandshakeResult.AddressHeard) _paths.AddressHeard(remote, datagram.Length, now);
        if (outcome.Session is { } session) Take(session, datagram.Length, now);
    }

    // A sealed datagram of no session that is known: perhaps the first one of a session that the other side began.
    private void HandleFirst(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (_handshaker.TryBegin(datagram, remote, _plain, now, out var opened) is not { } session) return;

        // Its bytes are counted when it is processed.
        Take(session, 0, now);
        if (session == _chosen) Process(opened, remote, datagram.Length, now);
        else if (FindStranger(session.LocalIndex) is { } stranger) Process(stranger, opened, remote, datagram.Length, now);
    }

    private void Take(PeerSession session, int bytes, Instant now)
    {
        // The peer itself may begin anew when the old session was silent for long; what runs inside does not notice.
        var isTooLate = _chosen is { IsOver: false } peer && peer.RemoteKey != session.RemoteKey;
        if (isTooLate) session.Close(CloseReason.NotChosen);
        if (isTooLate || session.Trust == PeerTrust.OneWayTicket) _strangers.Add(new Stranger(++_strangersSeen, session) { Plan = PlanFor(session) });
        else Choose(session, bytes, now);
    }

    // From now on this is the peer; all others are sent away.
    private void Choose(PeerSession session, int bytes, Instant now)
    {
        _strangers.RemoveAll(stranger => stranger.Session == session);
        if (session.Trust == PeerTrust.OneWayTicket) _handshaker.Choose(session);
        foreach (var stranger in _strangers) stranger.Session.Close(CloseReason.NotChosen);
        if (_chosen != session) _chosen?.Dispose();
        _chosen = session;
        _paths.SessionBegan(session.IsInitiator, session.LastRemote, bytes, now);
    }

    // What follows from all that has happened so far, told once each.
    private void Settle(Instant now)
    {
        // Asked after each datagram: as a rule nothing has happened.
        _onlyInnerSends = false;
        if (_paths.HasEvents) ReadPathEvents();
        if (_strangers.Count > 0) ForgetStrangers();
        if (_chosen is not { } session || _endTold || _isClosing) return;
        if (!session.IsOver && session.IsConfirmed && session.HasSameRole) EndForRoles(session);
        else if (!session.IsOver) TellProgress(session);
        else if (session.IsConfirmed || session.ClosedByPeer is not null) TellEnd(session);
        else ForgetChosen(session, now);
    }

    // It was never confirmed: nothing has begun, and the handshake is tried again.
    private void ForgetChosen(PeerSession session, Instant now)
    {
        _chosen = null;
        session.Dispose();
        _paths.SessionEnded(now);
    }

    private void TellProgress(PeerSession session)
    {
        if (_readyTold || !session.IsConfirmed || !_paths.HasCurrent) return;
        if (!_connectedTold)
        {
            _connectedTold = true;
            _events.Enqueue(new SealedPeerEvent.Connected(Describe(session)));
        }

        var verified = _wordsTyped || _options.SkipWords || !PlanFor(session).MustType;
        if (!verified || !session.IsReady || !_paths.IsSettled) return;
        _readyTold = true;
        _events.Enqueue(new SealedPeerEvent.Ready(Describe(session)));
    }

    private void TellEnd(PeerSession session)
    {
        _endTold = true;
        _events.Enqueue(session.ClosedByPeer switch
        {
            CloseReason.SameRole => new SealedPeerEvent.RolesConflict(_options.WantsToSend),
            CloseReason.BrokenCommitment => new SealedPeerEvent.NotVerified(),
            CloseReason.NotChosen => new SealedPeerEvent.NotChosen(),
            null => new SealedPeerEvent.Broken(),
            _ => new SealedPeerEvent.PeerClosed(),
        });
    }

    private void EndForRoles(PeerSession session)
    {
        _endTold = true;
        session.Close(CloseReason.SameRole);
        _events.Enqueue(new SealedPeerEvent.RolesConflict(_options.WantsToSend));
    }

    private WordsPlan PlanFor(PeerSession session) => WordsPlan.For(session.Trust, session.IsInitiator, _options.Verify, session.StrangersBefore + 1);

    private static bool Fits(string typed, PeerSession session, WordsPlan plan)
    {
        // A screen that asks for nothing shows all four, and its user reads all four. PROTOCOL KEY-7.
        var words = session.Words.ToArray();
        return plan.MustType && (VerificationWords.Matches(typed, words.AsSpan(plan.Asked)) || VerificationWords.Matches(typed, words));
    }
}
