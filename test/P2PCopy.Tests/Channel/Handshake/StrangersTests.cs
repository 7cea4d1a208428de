using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Channel.Wire;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>Who may talk to us: anybody who holds our ticket until we know better, and then one key only.</summary>
public sealed class StrangersTests
{
    private static readonly Instant Now = new(1_000_000);

    [Fact]
    public void Who_has_pasted_a_ticket_says_nothing_to_another_key()
    {
        using var a = Peer(1);
        using var b = Peer(2, wantsToSend: false);
        using var wrong = Peer(3);
        Assert.Equal(PasteResult.Taken, b.Paste(a, Now));
        Assert.Equal(PasteResult.Taken, wrong.Paste(b, Now));

        Assert.Empty(b.Receive(wrong.Probe(b.Address, Now)!, wrong.Address, Now));

        Assert.Equal(1, b.Handshaker.Counters.WrongKey);
        Assert.Equal(0, b.Handshaker.Remembered);
    }

    [Fact]
    public void Who_does_not_hold_the_ticket_hears_nothing_and_costs_no_key_exchange()
    {
        using var a = Peer(1);
        using var b = Peer(2, wantsToSend: false);
        using var other = Peer(3, wantsToSend: false);
        a.Paste(other, Now);

        Assert.Empty(b.Receive(a.Probe(b.Address, Now)!, a.Address, Now));
        Assert.Equal((1, 0), (b.Handshaker.Counters.Unexpected, b.Handshaker.Counters.Opened));
    }

    [Fact]
    public void Noise_XX_is_spoken_with_the_pasted_address_only()
    {
        using var a = Peer(1);
        using var b = Peer(2, wantsToSend: false);
        a.PasteBare(b.Address, Now);
        var hello = a.Probe(b.Address, Now)!;
        Assert.Null(a.Probe(HandshakeNet.Endpoint(9), Now));

        Assert.Empty(b.Receive(hello, a.Address, Now));
        b.PasteBare(a.Address, Now);
        Assert.Empty(b.Receive(hello, HandshakeNet.Endpoint(9), Now));
        Assert.Equal((2, 0), (b.Handshaker.Counters.Unexpected, b.Handshaker.Counters.Opened));
        Assert.NotEmpty(b.Receive(hello, a.Address.WithPort(999), Now));

        // A ticket is never given up for less.
        b.Paste(a, Now);
        Assert.Equal(PasteResult.Busy, b.PasteBare(a.Address, Now));
        Assert.Empty(b.Receive(hello, a.Address, Now));
    }

    [Fact]
    public void Four_strangers_may_wait_and_the_fifth_of_a_run_must_be_told_by_four_words()
    {
        using var b = Peer(2, wantsToSend: false);
        var strangers = Enumerable.Range(10, 6).Select(i => Peer((byte)i)).ToList();
        foreach (var stranger in strangers[..4]) Connect(stranger, b);
        Assert.Equal([0, 1, 2, 3], b.Live.Select(session => session.StrangersBefore));
        Assert.All(b.Live, session => Assert.Equal((PeerTrust.OneWayTicket, 2), (session.Trust, session.WordsAsked)));

        strangers[4].Paste(b, Now);
        Assert.Empty(b.Receive(strangers[4].Probe(b.Address, Now)!, strangers[4].Address, Now));
        Assert.Equal(1, b.Handshaker.Counters.TooManyStrangers);

        b.Made[1].Close(CloseReason.NotChosen);
        Connect(strangers[4], b);
        var fifth = b.Made[^1];
        Assert.Equal((4, 4), (fifth.WordsAsked, strangers[4].Session.WordsAsked));

        b.Handshaker.Choose(fifth);
        Assert.Same(fifth, b.Session);
        Assert.Equal(PeerTrust.Ticket, fifth.Trust);
        foreach (var (datagram, to) in b.Drain(Now).ToArray())
        {
            var stranger = strangers.Single(stranger => stranger.Address == to);
            Assert.Empty(stranger.Receive(datagram, b.Address, Now));
        }

        Assert.All(strangers.Where((_, i) => i is 0 or 2 or 3), stranger => Assert.Equal(CloseReason.NotChosen, stranger.Made[0].ClosedByPeer));
        strangers[5].Paste(b, Now);
        Assert.Empty(b.Receive(strangers[5].Probe(b.Address, Now)!, strangers[5].Address, Now));
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public void A_pasted_ticket_closes_the_sessions_of_all_others()
    {
        using var a = Peer(1);
        using var b = Peer(2, wantsToSend: false);
        using var stranger = Peer(3);
        Connect(stranger, b);
        Connect(a, b);

        Assert.Equal(PasteResult.Taken, b.Paste(a, Now));

        Assert.Equal((a.Key.Public, PeerTrust.Ticket), (b.Session.RemoteKey, b.Session.Trust));
        using var late = Peer(4);
        Assert.Equal(PasteResult.Busy, b.Paste(late, Now));
    }

    [Fact]
    public void What_cannot_be_a_peer_is_refused_at_once()
    {
        using var a = Peer(1);
        using var sender = Peer(2);
        Assert.Equal(PasteResult.OwnKey, a.Handshaker.SetPeer(a.Key.Public, peerWantsToSend: false, Now));
        Assert.Equal(PasteResult.SameRole, a.Handshaker.SetPeer(sender.Key.Public, peerWantsToSend: true, Now));
        Assert.Equal(PasteResult.UselessKey, a.Handshaker.SetPeer(new PublicKey(new byte[32]), peerWantsToSend: false, Now));
        Assert.Null(a.Probe(sender.Address, Now));
    }

    [Fact]
    public void Two_who_want_the_same_learn_it_from_the_handshake()
    {
        using var a = Peer(1);
        using var b = Peer(2);
        Assert.Equal(PasteResult.Taken, a.Handshaker.SetPeer(b.Key.Public, peerWantsToSend: false, Now));
        Pump(a, b, a.Probe(b.Address, Now)!);

        Assert.True(a.Session.HasSameRole && b.Session.HasSameRole && b.Session.PeerWantsToSend);
        b.Session.Close(CloseReason.SameRole);
        var close = b.Drain(Now).ToArray();
        Assert.Equal(3, close.Length);
        Assert.Empty(a.Receive(close[2].Datagram, b.Address, Now));
        Assert.Equal((true, CloseReason.SameRole), (a.Made[0].IsOver, a.Made[0].ClosedByPeer));
    }

    internal static HandshakePeer Peer(byte number, bool wantsToSend = true) =>
        new(SeededRandom.For(number, "peer"), HandshakeNet.Endpoint(number), wantsToSend, Now);

    internal static void Connect(HandshakePeer a, HandshakePeer b, Instant? at = null)
    {
        var now = at ?? Now;
        a.Paste(b, now);
        Pump(a, b, a.Probe(b.Address, now)!, now);
    }

    /// <summary>Carries datagrams to and fro without delay, as long as there are any.</summary>
    internal static void Pump(HandshakePeer a, HandshakePeer b, byte[] first, Instant? at = null)
    {
        var flying = new Queue<(byte[] Datagram, HandshakePeer To)>([(first, b)]);
        while (flying.TryDequeue(out var next))
        {
            var (from, to) = next.To == a ? (b, a) : (a, b);
            foreach (var (datagram, destination) in to.Receive(next.Datagram, from.Address, at ?? Now).ToArray())
            {
                if (destination == from.Address) flying.Enqueue((datagram, from));
            }
        }
    }
}
