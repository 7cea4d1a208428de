using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>One address of the peer: what was heard from it, what was sent to it, and whether its owner has proved to be there.</summary>
internal sealed class PeerPath
{
    // PROTOCOL PATH-5.
    private const int SentPerReceived = 3;
    private const int LentBytes = 8192;

    // PROTOCOL PATH-12.
    private static readonly TimeSpan Consent = TimeSpan.FromSeconds(30);

    /// <summary>When it is probed.</summary>
    public ProbeSchedule Schedule;

    private long _received;
    private long _sent;
    private long _lent;

    /// <summary>The address and how it came to be known.</summary>
    public Candidate Candidate { get; private set; }

    /// <summary>The address.</summary>
    // Of its own, since it is asked for each datagram.
    public UdpEndpoint Endpoint { get; private set; }

    /// <summary>What kind of way it is.</summary>
    public PathRoute Route { get; private set; }

    /// <summary>The last list of candidates that named it; 0 when none did, and it was learned from a datagram.</summary>
    public int ToldIn { get; set; }

    /// <summary>PINGs under way.</summary>
    public Challenges Challenges { get; } = new();

    /// <summary>How long answers took.</summary>
    public RoundTrips RoundTrips { get; } = new();

    /// <summary>Whether it answered a challenge and has been heard within the last half minute.</summary>
    public bool IsValid { get; private set; }

    /// <summary>Whether it ever answered a challenge.</summary>
    public bool WasValid { get; private set; }

    /// <summary>Whether a datagram of the running session made it known.</summary>
    public bool IsNewSource { get; set; }

    /// <summary>Whether it shall be probed before all others.</summary>
    public bool IsTriggered { get; set; }

    /// <summary>Whether it is kept alive as a reserve.</summary>
    public bool IsReserve { get; set; }

    /// <summary>Since when the peer's data has come this way and nothing by the path in use.</summary>
    public Instant? FollowedSince { get; set; }

    /// <summary>When something authenticated last came from it.</summary>
    public Instant? HeardAt { get; private set; }

    /// <summary>When anything was last sent to it.</summary>
    public Instant? SentAt { get; private set; }

    /// <summary>When it was last probed.</summary>
    public Instant? ProbedAt { get; private set; }

    /// <summary>When it stops to be valid if nothing is heard.</summary>
    public Instant LapsesAt => IsValid && HeardAt is { } heard ? heard + Consent : Instant.Never;

    /// <summary>Makes it the path of an address, with nothing known of it.</summary>
    public void Begin(Candidate candidate, int toldIn)
    {
        (Candidate, Endpoint) = (candidate, candidate.Endpoint);
        Route = PathRoutes.Of(candidate);
        ToldIn = toldIn;
        (HeardAt, SentAt, ProbedAt) = (null, null, null);
        (_received, _sent, _lent) = (0, 0, 0);
        Schedule = default;
        Forget();
    }

    /// <summary>Forgets the session; what was heard and sent still counts.</summary>
    public void Forget()
    {
        IsValid = WasValid = IsNewSource = IsTriggered = IsReserve = false;
        FollowedSince = null;
        Challenges.Clear();
        RoundTrips.Clear();
    }

    /// <summary>Says how the address came to be known, when that is learned later.</summary>
    public void Tell(CandidateKind kind, int toldIn)
    {
        ToldIn = toldIn;
        if (Candidate.Kind != CandidateKind.PeerReflexive) return;
        Candidate = new(kind, Endpoint);
        Route = PathRoutes.Of(Candidate);
    }

    /// <summary>Something authenticated came from it.</summary>
    public void Heard(int bytes, Instant now)
    {
        _received += bytes;
        HeardAt = now;
    }

    /// <summary>Something was sent to it, other than a probe.</summary>
    public void Sent(int bytes, Instant now)
    {
        SentAt = now;
        if (!WasValid) _sent += bytes;
    }

    /// <summary>A handshake from there may have been answered, with so much at most.</summary>
    public void Answered(int bytes)
    {
        if (!WasValid) _sent += bytes;
    }

    /// <summary>Who was told to be there answered our first message from there: so much may follow at once.</summary>
    public void Lend() => _lent = LentBytes;

    /// <summary>A probe was sent to it. To an address that the peer told of, a plain one counts by its plan alone, not by its bytes.</summary>
    public void Probed(int bytes, bool isPlain, Instant now)
    {
        ProbedAt = SentAt = now;
        IsTriggered = false;
        Schedule.Advance(now);
        if (!WasValid && (ToldIn == 0 || !isPlain)) _sent += bytes;
    }

    /// <summary>A challenge was answered from it.</summary>
    public void Validate() => IsValid = WasValid = true;

    /// <summary>Ends its validity if it has been silent for too long.</summary>
    public void Lapse(Instant now)
    {
        if (LapsesAt <= now) IsValid = false;
    }

    /// <summary>Whether so much may be sent to it, by what has been received from it.</summary>
    public bool Affords(int bytes) => WasValid || _sent + bytes <= (SentPerReceived * _received) + _lent;

    /// <summary>Whether a probe may be sent to it.</summary>
    public bool AffordsProbe(int bytes) => ToldIn != 0 || Affords(bytes);
}
