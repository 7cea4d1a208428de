using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <content>Which path data takes.</content>
internal sealed partial class PeerPaths
{
    private const int MostReserves = 2;

    // PROTOCOL PATH-14.
    private static readonly TimeSpan FollowKnown = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NominateAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FollowNewLeast = TimeSpan.FromMilliseconds(10);

    // A path has just proved that it works.
    private void Decide(PeerPath path, Instant now)
    {
        if (path == _current)
        {
            if (_silence.IsSuspect) Restore(now);
        }
        else if (_current is not { } current || _silence.IsSuspect || path == _nominated || HasMoved(path, current, now)
            || (_isInitiator && PathChoice.IsBetter(path, current, now - _movedAt)))
        {
            MoveTo(path, now);
        }
    }

    // The peer's data comes by another path than ours goes. Unless its other path is dead, the initiator's choice is said once more: a
    // peer that had to look for us may have found another way than we did.
    private void Follow(PeerPath path, Instant now)
    {
        if (_current is not { } current) return;
        if (path.FollowedSince is not { } since || since <= current.HeardAt) path.FollowedSince = now;
        if (path.IsValid && HasMoved(path, current, now)) MoveTo(path, now);
        else if (_isInitiator && _nomination.Next == Instant.Never && now - _nomination.SentAt >= NominateAgain) _nomination.Begin(now);
    }

    // A source that nobody told of is the peer behind a new address, and the old one is dead: half a round trip without a word from there
    // is proof enough. A known path may be the peer's choice of a moment ago, which our nomination is about to correct.
    private static bool HasMoved(PeerPath path, PeerPath current, Instant now)
    {
        if (path.FollowedSince is not { } since || since <= current.HeardAt) return false;
        var patience = FollowKnown;
        if (path.IsNewSource && current.RoundTrips.Smoothed is { } roundTrip && roundTrip / 2 < patience) patience = roundTrip / 2;
        return now - since >= (patience < FollowNewLeast ? FollowNewLeast : patience);
    }

    private void MoveTo(PeerPath path, Instant now)
    {
        (_current, _movedAt) = (path, now);
        path.IsNewSource = false;
        path.FollowedSince = null;
        if (_isOpened && path.Endpoint != _lastCurrent) Tell(PathEventKind.Moved, path.Endpoint, _lastCurrent);
        _lastCurrent = path.Endpoint;
        EndGuess();
        if (!_isOpened) Open(now);
        else if (_silence.IsSuspect) Restore(now);
        else _silence.Heard(now);

        _mtu.Chosen(path, path.RoundTrips.Smoothed ?? TimeSpan.Zero, now);
        if (_isInitiator) _nomination.Begin(now);
        _isStale = true;
    }

    private void Open(Instant now)
    {
        _isOpened = true;
        Tell(PathEventKind.Opened, _lastCurrent);
        _silence.Restore(now);
        GoOnTesting(now);
    }

    private void Suspect(Instant now)
    {
        _silence.Suspect(now);
        BeginSearch(now);
    }

    private void BeginSearch(Instant now)
    {
        // What was measured belongs to a network that may be gone; the first that answers is the best for now.
        for (var i = 0; i < _table.Count; i++) _table[i].RoundTrips.Clear();
        if (_isOpened) Tell(PathEventKind.Suspect, _lastCurrent);
        BeginPlans(now);
        BeginGuessAfterSilence(now);
    }

    private void Restore(Instant now)
    {
        Tell(PathEventKind.Restored, _lastCurrent);
        EndGuess();
        _silence.Restore(now);
        GoOnTesting(now);
        _isStale = true;
    }

    private void ChooseReserves()
    {
        for (var i = 0; i < _table.Count; i++) _table[i].IsReserve = false;
        for (var chosen = 0; chosen < MostReserves; chosen++)
        {
            PeerPath? best = null;
            for (var i = 0; i < _table.Count; i++)
            {
                var path = _table[i];
                if (!path.IsValid || path.IsReserve || path == _current) continue;
                if (best is null || PathChoice.IsBetterReserve(path, best)) best = path;
            }

            if (best is null) return;
            best.IsReserve = true;
        }
    }
}
