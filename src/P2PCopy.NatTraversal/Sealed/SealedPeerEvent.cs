using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Paths;

namespace P2PCopy.NatTraversal.Sealed;

/// <summary>Something that happened to a <see cref="SealedPeer"/> and that its user may want to know.</summary>
public abstract record SealedPeerEvent
{
    private SealedPeerEvent()
    {
    }

    /// <summary>A holder of our ticket is here whom we do not know; words decide.</summary>
    /// <param name="Id">Tells several apart.</param>
    /// <param name="Remote">Where it writes from.</param>
    /// <param name="WantsToSend">Whether it is one that sends files.</param>
    /// <param name="WordsToType">How many words of its screen are to be typed.</param>
    public sealed record StrangerArrived(int Id, UdpEndpoint Remote, bool WantsToSend, int WordsToType) : SealedPeerEvent;

    /// <summary>A stranger went away or was sent away.</summary>
    /// <param name="Id">Which one.</param>
    public sealed record StrangerLeft(int Id) : SealedPeerEvent;

    /// <summary>The peer is reached and sealed. If it has <see cref="SealedPeerInfo.WordsToType"/>, those come next.</summary>
    /// <param name="Peer">The peer.</param>
    public sealed record Connected(SealedPeerInfo Peer) : SealedPeerEvent;

    /// <summary>The peer is who it should be and the path is known: the transport may begin.</summary>
    /// <param name="Peer">The peer.</param>
    public sealed record Ready(SealedPeerInfo Peer) : SealedPeerEvent;

    /// <summary>The traffic goes another way now.</summary>
    /// <param name="From">The old remote address.</param>
    /// <param name="To">The new remote address.</param>
    /// <param name="Route">The kind of the new way.</param>
    public sealed record PathMoved(UdpEndpoint From, UdpEndpoint To, PathRoute Route) : SealedPeerEvent;

    /// <summary>Nothing is heard any more although something should be.</summary>
    /// <param name="HeardAt">When the peer was last heard.</param>
    public sealed record Silent(Instant HeardAt) : SealedPeerEvent;

    /// <summary>The peer is heard again.</summary>
    public sealed record Restored : SealedPeerEvent;

    /// <summary>The silence lasted too long: the session is over.</summary>
    public sealed record Broken : SealedPeerEvent;

    /// <summary>The peer ended the session.</summary>
    public sealed record PeerClosed : SealedPeerEvent;

    /// <summary>The peer chose somebody else, or its user did not find our words.</summary>
    public sealed record NotChosen : SealedPeerEvent;

    /// <summary>The peer could not prove that it is who it said at first.</summary>
    public sealed record NotVerified : SealedPeerEvent;

    /// <summary>Both want to send, or both to receive; the session is over.</summary>
    /// <param name="BothSend">Which of the two.</param>
    public sealed record RolesConflict(bool BothSend) : SealedPeerEvent;

    /// <summary>At the bare address that was pasted somebody speaks the original's unsealed protocol.</summary>
    /// <param name="Remote">From where.</param>
    public sealed record OriginalPeerHeard(UdpEndpoint Remote) : SealedPeerEvent;
}
