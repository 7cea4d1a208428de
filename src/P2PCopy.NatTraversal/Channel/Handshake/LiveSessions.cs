using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>The sessions that began and are not over.</summary>
internal sealed class LiveSessions
{
    /// <summary>Strangers that may wait for their words at the same time.</summary>
    // PROTOCOL HSK-8.
    public const int MostStrangers = 4;

    private readonly List<PeerSession> _sessions = new(MostStrangers + 1);
    private int _strangers;

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<PeerSession> All
    {
        get
        {
            Forget();
            return _sessions;
        }
    }

    /// <summary>Whether one more stranger would be too many.</summary>
    public bool IsFull => All.Count(session => session.Trust != PeerTrust.Ticket) >= MostStrangers;

    /// <summary>Whether a session with this key lives, so that a second one is refused.</summary>
    public bool HasAlive(PublicKey key, Instant now) => All.Any(session => session.RemoteKey == key && session.IsAlive(now));

    /// <summary>A session begins, in the place of a silent one with the same key if there is one.</summary>
    public void Add(PeerSession session)
    {
        foreach (var old in All)
        {
            if (old.RemoteKey == session.RemoteKey) old.Dispose();
        }

        Forget();
        if (session.Trust != PeerTrust.Ticket) session.StrangersBefore = _strangers++;
        _sessions.Add(session);
    }

    private void Forget() => _sessions.RemoveAll(session => session.IsOver);
}
