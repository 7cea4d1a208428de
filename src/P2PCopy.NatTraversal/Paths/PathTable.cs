using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>The known addresses of the peer. A hostile peer can fill the table, but not beyond its bounds.</summary>
internal sealed class PathTable
{
    // PROTOCOL PATH-6.

    /// <summary>The most addresses that the peer may tell.</summary>
    public const int MostTold = 16;

    /// <summary>The most addresses that are learned from datagrams.</summary>
    public const int MostLearned = 8;

    private readonly List<PeerPath> _paths = new(MostTold + MostLearned);
    private int _lists;

    /// <summary>How many there are.</summary>
    public int Count => _paths.Count;

    /// <summary>One of them; those that are told of first come first.</summary>
    public PeerPath this[int index] => _paths[index];

    /// <summary>The path of an address.</summary>
    public PeerPath? Find(UdpEndpoint endpoint)
    {
        for (var i = 0; i < _paths.Count; i++)
            if (_paths[i].Endpoint == endpoint) return _paths[i];
        return null;
    }

    /// <summary>A list of candidates follows: what earlier ones told gives way to it where room is short.</summary>
    public void BeginList() => _lists++;

    /// <summary>Adds what the peer told; <see langword="null"/> when nothing can be sent there or there is no room.</summary>
    /// <param name="candidate">The address.</param>
    /// <param name="inUse">The path that must stay.</param>
    /// <param name="isNew">Whether the address was unknown.</param>
    public PeerPath? AddTold(Candidate candidate, PeerPath? inUse, out bool isNew)
    {
        isNew = false;
        if (!PathRoutes.IsUnicast(candidate.Endpoint)) return null;
        if (Find(candidate.Endpoint) is { } known)
        {
            if (known.ToldIn == 0 && Spare(told: true, MostTold, inUse) is null) return null;
            known.Tell(candidate.Kind, _lists);
            return known;
        }

        if (Spare(told: true, MostTold, inUse) is not { } path) return null;
        isNew = true;
        path.Begin(candidate, _lists);
        _paths.Add(path);
        return path;
    }

    /// <summary>Adds where a datagram came from; <see langword="null"/> when there is no room or no way to answer.</summary>
    public PeerPath? Learn(UdpEndpoint endpoint, PeerPath? inUse)
    {
        if (!PathRoutes.IsUnicast(endpoint)) return null;
        if (Spare(told: false, MostLearned, inUse) is not { } path) return null;
        path.Begin(new Candidate(CandidateKind.PeerReflexive, endpoint), 0);
        _paths.Add(path);
        return path;
    }

    /// <summary>Forgets what was learned of a session that is over.</summary>
    public void ForgetLearned() => _paths.RemoveAll(path => path.ToldIn == 0);

    /// <summary>Forgets paths by sockets that are closed.</summary>
    public void ForgetVia(SocketNeeds needs, PeerPath? inUse) => _paths.RemoveAll(path => path != inUse && !needs.Include(path.Endpoint.Via));

    // A path that is not in the table, made new or taken from whoever can best be done without.
    private PeerPath? Spare(bool told, int most, PeerPath? inUse)
    {
        var count = 0;
        PeerPath? victim = null;
        foreach (var path in _paths)
        {
            if (path.ToldIn != 0 != told) continue;
            count++;
            if (path == inUse || path.IsValid || path.ToldIn == (told ? _lists : -1)) continue;
            if (victim is null || IsLessWorth(path, victim)) victim = path;
        }

        if (count < most) return new PeerPath();
        if (victim is null) return null;
        _paths.Remove(victim);
        return victim;
    }

    private static bool IsLessWorth(PeerPath path, PeerPath other)
    {
        if (path.ToldIn != other.ToldIn) return path.ToldIn < other.ToldIn;
        if (path.WasValid != other.WasValid) return other.WasValid;
        return (path.HeardAt ?? Instant.Zero) < (other.HeardAt ?? Instant.Zero);
    }
}
