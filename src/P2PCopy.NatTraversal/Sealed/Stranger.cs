using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Words;

namespace P2PCopy.NatTraversal.Sealed;

/// <summary>A session with somebody whom only words can make the peer.</summary>
/// <param name="id">What the user interface calls it.</param>
/// <param name="session">Its keys.</param>
internal sealed class Stranger(int id, PeerSession session)
{
    // As long as a peer is waited for. A stranger's program asks its path every few seconds, so it is never so quiet while it lives.
    private static readonly TimeSpan ToTheEnd = TimeSpan.FromSeconds(120);

    /// <summary>What the user interface calls it.</summary>
    public int Id { get; } = id;

    /// <summary>Its keys.</summary>
    public PeerSession Session { get; } = session;

    /// <summary>Which words make it the peer.</summary>
    public required WordsPlan Plan { get; set; }

    /// <summary>The answer to its newest ping, until it is sent.</summary>
    public Pong? WaitingPong { get; set; }

    /// <summary>Whether the user was told of it.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Whether its session is over and nothing more has to be said to it.</summary>
    public bool IsDone => Session.IsOver && !Session.HasControl;

    /// <summary>When <see cref="HandleTimeout"/> is due.</summary>
    public Instant NextTimeout =>
        IsDone ? Instant.Zero
        : Session.IsOver ? Instant.Never
        : Instant.Min(Session.NextTimeout, Session.LastHeard + ToTheEnd);

    /// <summary>Lets its session go on, or ends it when nothing has come for too long.</summary>
    // PROTOCOL PATH-13.
    public void HandleTimeout(Instant now)
    {
        if (now >= Session.LastHeard + ToTheEnd) Session.GiveUp();
        Session.HandleTimeout(now);
    }

    /// <summary>An answer to a ping.</summary>
    /// <param name="Challenge">That of the ping.</param>
    /// <param name="Remote">Where it came from and the answer goes.</param>
    /// <param name="Bytes">Bytes of the ping's datagram; the answer has as many.</param>
    public readonly record struct Pong(ulong Challenge, UdpEndpoint Remote, int Bytes);
}
