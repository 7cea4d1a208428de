using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Sealed;

/// <content>Those who hold our ticket while we hold none of theirs: they are answered, and nothing more, until words choose one.</content>
public sealed partial class SealedPeer
{
    private Stranger? FindStranger(uint index)
    {
        foreach (var stranger in _strangers)
            if (stranger.Session.LocalIndex == index) return stranger;
        return null;
    }

    private void HandleSealed(Stranger stranger, ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (stranger.Session.TryOpen(datagram, remote, _plain, now, out var opened)) Process(stranger, opened, remote, datagram.Length, now);
    }

    private void Process(Stranger stranger, in OpenedPacket opened, UdpEndpoint remote, int bytes, Instant now)
    {
        if (opened.Type == PacketType.Control && PingPacket.TryRead(_plain.AsSpan(0, opened.Length), out var ping))
            stranger.WaitingPong = new Stranger.Pong(ping.Challenge, remote, bytes);
        if (!stranger.Session.IsConfirmed || stranger.IsAnnounced) return;
        if (stranger.Session.HasSameRole) stranger.Session.Close(CloseReason.SameRole);
        else if (_options.SkipWords && _chosen is null) Choose(stranger.Session, bytes, now);
        else Announce(stranger);
    }

    private void Announce(Stranger stranger)
    {
        stranger.IsAnnounced = true;
        var length = stranger.Plan.Asked.GetOffsetAndLength(stranger.Session.Words.Count).Length;
        _events.Enqueue(new SealedPeerEvent.StrangerArrived(stranger.Id, stranger.Session.LastRemote, stranger.Session.PeerWantsToSend, length));
    }

    private void ForgetStrangers()
    {
        for (var i = _strangers.Count - 1; i >= 0; i--)
        {
            var stranger = _strangers[i];
            if (!stranger.IsDone) continue;
            if (stranger.IsAnnounced) _events.Enqueue(new SealedPeerEvent.StrangerLeft(stranger.Id));
            stranger.Session.Dispose();
            _strangers.RemoveAt(i);
        }
    }

    // A stranger gets at most as much as it sent: the answers to its handshake, key and pings, to where they came from.
    private bool TryTransmitToStranger(Stranger stranger, Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        var session = stranger.Session;
        if (session.TryTransmitControl(buffer, out var length))
        {
            transmit = new Transmit(length, session.LastRemote);
            return true;
        }

        if (stranger.WaitingPong is not { } pong || session.IsOver) return false;
        stranger.WaitingPong = null;
        transmit = new Transmit(SealPong(session, pong.Challenge, pong.Remote, pong.Bytes, buffer), pong.Remote, DontFragment: true);
        return true;
    }
}
