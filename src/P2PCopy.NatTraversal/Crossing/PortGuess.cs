using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.NatTraversal.Crossing;

/// <summary>
/// Finds a peer although one of the two NATs has a port that nobody can know: the side behind it opens many sockets, the other one
/// guesses, in rounds that both begin at the same time. Either side may have to do both, when nobody knows whose NAT it is.
/// </summary>
/// <param name="random">Which ports are guessed.</param>
// PROTOCOL PATH-19, PATH-20.
internal sealed class PortGuess(IRandomBytes random)
{
    private const int MostRounds = 5;

    private static readonly TimeSpan FirstRound = TimeSpan.FromSeconds(3);

    // As long as 2,048 guesses take, with the lead of the sockets before them and clocks that differ.
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(13);

    private readonly PortSpray _spray = new(random);
    private readonly SocketVolley _volley = new();
    private InternetTime? _time;
    private Instant _nextRound = Instant.Never;
    private Instant _sprayAt = Instant.Never;
    private int _rounds;
    private bool _sprays;

    /// <summary>Whether it goes on, or will.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Rounds begun since the guess began.</summary>
    public int Rounds => _rounds;

    /// <summary>When the next datagram or round is due.</summary>
    public Instant Next => Instant.Min(Instant.Min(_spray.Next, _volley.Next), Instant.Min(_nextRound, _sprayAt));

    /// <summary>The sockets that it needs, and one that is to stay open.</summary>
    public SocketNeeds Needs(ushort kept) => new(_volley.First, _volley.Count, kept);

    /// <summary>The common clock, as far as it is known.</summary>
    public void SetTime(InternetTime time) => _time = time;

    /// <summary>Begins: nothing is sent at first.</summary>
    /// <param name="peer">The address of the peer: the port is where our sockets write to, guesses go to others.</param>
    /// <param name="sockets">How many sockets this side opens; 0 for none.</param>
    /// <param name="sprays">Whether this side guesses.</param>
    /// <param name="range">Among which ports.</param>
    /// <param name="inSlotsOnly">Whether the first round waits for the first slot.</param>
    /// <param name="now">The time.</param>
    public void Begin(UdpEndpoint peer, int sockets, bool sprays, PortRange range, bool inSlotsOnly, Instant now)
    {
        Stop();
        if (sockets == 0 && !sprays) return;
        (IsRunning, _sprays, _rounds) = (true, sprays, 0);
        if (sprays) _spray.Begin(peer, range);
        if (sockets > 0) _volley.Begin(peer, sockets);
        _nextRound = inSlotsOnly ? NextSlot(now + FirstRound) - CommonSlots.Lead : now + FirstRound - CommonSlots.Lead;
    }

    /// <summary>Somebody was heard: no more guesses, but the sockets stay for now.</summary>
    public void Pause()
    {
        _spray.Stop();
        _volley.Pause();
        (IsRunning, _nextRound, _sprayAt) = (false, Instant.Never, Instant.Never);
    }

    /// <summary>It is over; none of its sockets is needed any more.</summary>
    public void Stop()
    {
        Pause();
        _volley.Stop();
    }

    /// <summary>The next datagram, if one is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="destination">Where it goes, and by which socket.</param>
    /// <param name="isVolley">Whether it is one of a further socket, rather than a guess.</param>
    public bool TryNext(Instant now, out UdpEndpoint destination, out bool isVolley)
    {
        if (_nextRound <= now) BeginRound(now);
        if (_sprayAt <= now)
        {
            _sprayAt = Instant.Never;
            _spray.BeginRound(now);
        }

        isVolley = _volley.TryNext(now, out destination);
        return isVolley || _spray.TryNext(now, out destination);
    }

    private void BeginRound(Instant now)
    {
        _rounds++;
        if (_volley.Count > 0) _volley.BeginRound(now, RoundLength);
        if (_sprays) _sprayAt = now + CommonSlots.Lead;
        _nextRound = _rounds < MostRounds ? NextSlot(now + RoundLength) - CommonSlots.Lead : Instant.Never;
    }

    // Without a clock the slots are not common, and still better than none: the sockets of one side outlast a round of the other.
    private Instant NextSlot(Instant from) => _time is { } time ? CommonSlots.Next(time, from) : from + CommonSlots.Period;
}
