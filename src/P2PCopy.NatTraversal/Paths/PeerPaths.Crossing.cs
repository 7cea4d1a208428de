using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.NatTraversal.Paths;

/// <content>What only some pairs of NATs need: slots of a common clock, foretold ports, and guesses.</content>
internal sealed partial class PeerPaths
{
    private readonly PortGuess _guess;
    private readonly PortPrediction _prediction = new();
    private CrossingPlan? _crossing;
    private InternetTime? _time;
    private Instant _crossingBegan;

    /// <summary>The sockets that are needed beside the main one. They are named before anything is sent by them.</summary>
    public SocketNeeds Sockets => _guess.Needs(_lastCurrent.Via);

    /// <summary>Rounds of guessing since it began last.</summary>
    public int GuessRounds => _guess.Rounds;

    /// <summary>The clock that this side has in common with the peer.</summary>
    public void SetTime(InternetTime time, Instant now)
    {
        _time = time;
        _guess.SetTime(time);
        if (_inSession || _crossing is null) return;
        for (var i = 0; i < _table.Count; i++)
            if (IsCrossed(_table[i])) BeginPlan(_table[i], now);
        _isStale = true;
    }

    /// <summary>Whether a common clock is needed for this peer.</summary>
    public bool NeedsTime => _crossing is { NeedsTime: true };

    /// <summary>What is known of the two NATs says how to cross them. To be told before the peer's candidates, or again when it changes.</summary>
    public void SetCrossing(CrossingPlan crossing, Instant now)
    {
        (_crossing, _crossingBegan) = (crossing, now);
        if (_inSession) return;
        BeginPlans(now);
        BeginCrossing(now);
    }

    private static bool IsCrossed(PeerPath path) =>
        path is { Candidate.Kind: CandidateKind.Reflexive, HeardAt: null, Route: PathRoute.Internet } && path.ToldIn != 0;

    private void BeginPlan(PeerPath path, Instant now)
    {
        if (_inSession || _time is null || _crossing is not { Style: not ProbeStyle.Fast } crossing || !IsCrossed(path))
        {
            path.Schedule.Begin(Plan, now);
            return;
        }

        path.Schedule.BeginLate(CrossingSchedule.Of(crossing, _time, _crossingBegan), _crossingBegan, now);
    }

    // Until the peer is met.
    private void BeginCrossing(Instant now)
    {
        _guess.Stop();
        _prediction.Stop();
        if (_crossing is not { } crossing || FirstCrossed() is not { } peer) return;
        _guess.Begin(peer, crossing.Sockets, crossing.Sprays, crossing.SprayRange, crossing.GuessesLater, now);
        if (crossing.Predicted is { } ports) _prediction.Begin(peer, ports, TicketAge(crossing, now), now);
        _isStale = true;
    }

    // A peer that was met is silent: whose NAT has another port now, nobody knows.
    // PROTOCOL PATH-20.
    private void BeginGuessAfterSilence(Instant now)
    {
        _guess.Stop();
        if (_crossing is not { } crossing) return;
        UdpEndpoint? met = _lastCurrent is { Port: > 0 } last && PathRoutes.Of(new(CandidateKind.PeerReflexive, last)) == PathRoute.Internet ? last : FirstCrossed();
        if (met is not { } peer) return;
        _guess.Begin(peer.WithVia(0), crossing.SocketsAfterSilence, crossing.SpraysAfterSilence, crossing.SprayRange, inSlotsOnly: false, now);
    }

    private void PauseCrossing()
    {
        _guess.Pause();
        _prediction.Stop();
    }

    // A minute that seems to lie ahead comes of clocks that differ.
    private TimeSpan TicketAge(CrossingPlan crossing, Instant now)
    {
        if (_time is not { } time) return TimeSpan.Zero;
        return TimeSpan.FromMinutes(Math.Max(0, (int)(short)(Ticket.MinuteOf(time.At(now)) - crossing.PredictedInMinute)));
    }

    private UdpEndpoint? FirstCrossed()
    {
        for (var i = 0; i < _table.Count; i++)
            if (_table[i] is { Candidate.Kind: CandidateKind.Reflexive, Route: PathRoute.Internet } path && path.ToldIn != 0) return path.Endpoint;
        return null;
    }

    private bool TryGuess(Instant now, out PathMessage message)
    {
        message = default;
        var isVolley = false;
        if (!_prediction.TryNext(now, out var destination) && !_guess.TryNext(now, out destination, out isVolley)) return false;
        message = new PathMessage(_inSession ? PathMessageKind.Ping : PathMessageKind.Handshake, destination)
        {
            Challenge = _inSession ? DrawChallenge() : 0,
            PadTo = _inSession ? PingBytes : 0,
            TimeToLive = isVolley ? _crossing!.VolleyTimeToLive : (byte)0,
        };
        return true;
    }

    // The sockets that are closed lead nowhere any more.
    private void EndGuess()
    {
        _guess.Stop();
        var needs = Sockets;
        _table.ForgetVia(needs, _current);
        if (_nominated is { } nominated && !needs.Include(nominated.Endpoint.Via)) _nominated = null;
        if (_heardLast is { } heard && !needs.Include(heard.Endpoint.Via)) _heardLast = null;
        if (_mtu.Path is { } searched && !needs.Include(searched.Endpoint.Via) && !_mtu.IsDone) _mtu.Reset();
    }
}
