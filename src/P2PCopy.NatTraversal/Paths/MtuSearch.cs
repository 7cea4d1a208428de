using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>
/// Finds the largest datagram that passes a path whole, both ways. It decides once: the transport inside fixes the size of its packets
/// when it connects.
/// </summary>
internal sealed class MtuSearch
{
    // PROTOCOL PATH-10.

    /// <summary>What every path must carry: the least MTU of IPv6, 1280, without the headers of IPv6 and UDP.</summary>
    public const int Floor = 1232;

    /// <summary>What all questions together have at most, bytes of UDP payload.</summary>
    public const int QuestionBytes = 1472 + 1452 + 1392;

    private static readonly int[] SizesV4 = [1472, 1452, 1392];
    private static readonly int[] SizesV6 = [1452, 1392];

    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PatienceUnmeasured = TimeSpan.FromSeconds(3);

    private readonly TimerTable<Timer> _timers = new();
    private int[] _sizes = SizesV4;
    private int _next;
    private int _rounds;
    private Instant _begun;
    private bool _isChosen;

    private enum Timer
    {
        Ask,
        GiveUp,
    }

    /// <summary>The path that is searched.</summary>
    public PeerPath? Path { get; private set; }

    /// <summary>Whether there is a result.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The largest that passed so far, bytes of UDP payload; the floor when none did.</summary>
    public int Largest { get; private set; } = Floor;

    /// <summary>When patience ends.</summary>
    public Instant GivesUpAt => _timers[Timer.GiveUp];

    /// <summary>When the next question is due: whenever the path affords it, if it has not proved itself yet.</summary>
    public Instant NextAsk => Path is { } path && path.Affords(_sizes[_next]) ? _timers[Timer.Ask] : Instant.Never;

    /// <summary>Searches a path that has not proved itself yet; without a result unless it is chosen in time.</summary>
    /// <param name="path">The path; another search that was under way ends.</param>
    /// <param name="now">The time.</param>
    public void Begin(PeerPath path, Instant now)
    {
        Path = path;
        Largest = Floor;
        _sizes = path.Endpoint.IsIPv4 ? SizesV4 : SizesV6;
        (_next, _rounds, _isChosen, _begun) = (0, 0, false, now);
        _timers[Timer.Ask] = now;
        _timers[Timer.GiveUp] = now + PatienceUnmeasured;
    }

    /// <summary>Data takes a path: its size is wanted, unless one was found already.</summary>
    /// <param name="path">The path; a search of another one that was under way ends.</param>
    /// <param name="roundTrip">Its round trip: patience is three of them.</param>
    /// <param name="now">The time.</param>
    public void Chosen(PeerPath path, TimeSpan roundTrip, Instant now)
    {
        if (IsDone) return;
        if (path != Path) Begin(path, now);
        _isChosen = true;
        _timers[Timer.GiveUp] = _begun + (roundTrip * 3 > LeastPatience ? roundTrip * 3 : LeastPatience);
        if (_rounds == 1) AskAgain(now);
    }

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        (Path, IsDone, Largest) = (null, false, Floor);
        _timers.StopAll();
    }

    /// <summary>The next size to ask for, if one is due.</summary>
    public bool TryAsk(Instant now, out int datagramBytes)
    {
        datagramBytes = 0;
        if (_timers[Timer.Ask] > now) return false;
        datagramBytes = _sizes[_next++];
        if (_next < _sizes.Length && _sizes[_next] > Largest) return true;

        // All were asked for. Those that may only have been lost are asked for once more, in the middle of the time that is left; of a
        // path that has not proved itself that is not known.
        _timers.Stop(Timer.Ask);
        (_next, _rounds) = (0, _rounds + 1);
        if (_rounds == 1 && _isChosen) AskAgain(now);
        return true;
    }

    /// <summary>A PING of this size was answered by a PONG of its size.</summary>
    public void Answered(PeerPath path, int datagramBytes)
    {
        if (IsDone || path != Path || datagramBytes <= Largest) return;
        Largest = datagramBytes;
        if (Largest == _sizes[0]) Finish();
    }

    /// <summary>Ends the search when its time is over.</summary>
    public void HandleTimeout(Instant now)
    {
        if (!_timers.Expired(Timer.GiveUp, now)) return;
        if (_isChosen) Finish();
        else Reset();
    }

    private void AskAgain(Instant now) => _timers[Timer.Ask] = now + ((_timers[Timer.GiveUp] - now) / 2);

    private void Finish()
    {
        IsDone = true;
        _timers.StopAll();
    }
}
