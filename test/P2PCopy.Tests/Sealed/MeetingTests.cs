using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Sealed;

/// <summary>How two sides meet: who must paste, who must type, and what moves before.</summary>
public sealed class MeetingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-2)]
    public void Two_tickets_need_nothing_else(int rightIsLaterBySeconds)
    {
        using var pair = new SealedPair(1, NatBehavior.PortRestrictedCone, NatBehavior.PortRestrictedCone);
        var (first, second) = rightIsLaterBySeconds < 0 ? (pair.Right, pair.Left) : (pair.Left, pair.Right);
        first.Paste(second.Ticket);
        pair.Network.RunFor(TimeSpan.FromSeconds(Math.Abs(rightIsLaterBySeconds)));
        second.Paste(first.Ticket);

        pair.Meet().Finish();

        var (left, right) = (pair.Left.ReadyPeer!, pair.Right.ReadyPeer!);
        Assert.Equal((PeerTrust.Ticket, PeerTrust.Ticket), (left.Trust, right.Trust));
        Assert.Equal((0, 0), (left.WordsToType, right.WordsToType));
        Assert.Equal(4, left.WordsShown.Count);
        Assert.Equal(left.WordsShown, right.WordsShown);
        Assert.True(left.IsPostQuantum && right.IsPostQuantum);
    }

    // Two to meet, with the proof of an address, its size and the post-quantum keys in the second; one for the transport's handshake, and
    // half a one for the bytes.
    [Fact]
    public void Bytes_arrive_three_and_a_half_round_trips_after_the_second_paste()
    {
        using var pair = new SealedPair(4, NatBehavior.FullCone, NatBehavior.FullCone, new LinkProfile { Delay = TimeSpan.FromMilliseconds(100) });
        pair.Paste();
        pair.Network.RunUntil(() => pair.Right.Moved > 0, TimeSpan.FromSeconds(5));
        Assert.InRange(pair.Network.Elapsed / pair.Left.ReadyPeer!.RoundTrip!.Value, 3, 3.7);
    }

    [Fact]
    public void One_ticket_is_enough_when_its_holder_types_nothing_and_the_other_types_two_words()
    {
        using var pair = new SealedPair(2, NatBehavior.PortRestrictedCone, NatBehavior.FullCone);
        pair.Left.Paste(pair.Right.Ticket);
        pair.Network.RunUntil(() => pair.Right.Last<SealedPeerEvent.StrangerArrived>() is not null && pair.Left.ReadyPeer is not null, TimeSpan.FromSeconds(2));

        var stranger = pair.Right.Last<SealedPeerEvent.StrangerArrived>()!;
        Assert.Equal((true, 2, pair.Left.Outside), (stranger.WantsToSend, stranger.WordsToType, stranger.Remote));
        var shown = pair.Left.ReadyPeer!;
        Assert.True(shown.PeerTypesWords);
        Assert.Equal(2, shown.WordsShown.Count);

        // Until the words are typed nothing is begun on the other side, however long that takes.
        pair.Network.RunFor(TimeSpan.FromMinutes(8));
        Assert.Null(pair.Right.ReadyPeer);
        Assert.Equal(0, pair.Right.Moved);
        Assert.False(pair.Right.Type(["adult", "hamburger"]));
        Assert.True(pair.Right.Type(shown.WordsShown));
        pair.Finish();
    }

    [Fact]
    public void Bare_addresses_need_two_words_from_both()
    {
        using var pair = new SealedPair(3, NatBehavior.PortRestrictedCone, NatBehavior.RestrictedCone);
        pair.Left.PasteBare(pair.Right.Outside);
        pair.Right.PasteBare(pair.Left.Outside);
        pair.Network.RunUntil(
            () => pair.Left.Last<SealedPeerEvent.Connected>() is not null && pair.Right.Last<SealedPeerEvent.Connected>() is not null, TimeSpan.FromSeconds(2));

        var (left, right) = (pair.Left.Last<SealedPeerEvent.Connected>()!.Peer, pair.Right.Last<SealedPeerEvent.Connected>()!.Peer);
        Assert.Equal((PeerTrust.Bare, 2, 2), (left.Trust, left.WordsToType, right.WordsToType));
        Assert.Empty(left.WordsShown.Intersect(right.WordsShown));
        Assert.False(pair.Left.Type(left.WordsShown));
        Assert.True(pair.Left.Type(right.WordsShown));
        pair.Network.RunFor(TimeSpan.FromSeconds(70));
        Assert.Null(pair.Right.ReadyPeer);
        Assert.Equal(0, pair.Right.Moved);
        Assert.True(pair.Right.Type(left.WordsShown));
        pair.Finish();
    }

    [Fact]
    public void A_ticket_meets_a_bare_address_as_a_stranger()
    {
        using var pair = new SealedPair(4, NatBehavior.PortRestrictedCone, NatBehavior.PortRestrictedCone);
        pair.Left.Paste(pair.Right.Ticket);
        pair.Right.PasteBare(pair.Left.Outside);
        pair.Network.RunUntil(() => pair.Right.Last<SealedPeerEvent.StrangerArrived>() is not null && pair.Left.ReadyPeer is not null, TimeSpan.FromSeconds(3));
        Assert.True(pair.Right.Type(pair.Left.ReadyPeer!.WordsShown));
        pair.Finish();
    }

    [Fact]
    public void A_stranger_whose_ticket_is_pasted_is_the_peer()
    {
        using var pair = new SealedPair(5, NatBehavior.FullCone, NatBehavior.FullCone);
        pair.Left.Paste(pair.Right.Ticket);
        pair.Network.RunUntil(() => pair.Right.Last<SealedPeerEvent.StrangerArrived>() is not null, TimeSpan.FromSeconds(2));
        pair.Right.Paste(pair.Left.Ticket);
        pair.Finish();
    }

    [Fact]
    public void Who_wants_to_verify_types_words_of_a_peer_known_by_ticket()
    {
        using var pair = new SealedPair(6, NatBehavior.FullCone, NatBehavior.FullCone, leftOptions: options => options with { Verify = true });
        pair.Paste();
        pair.Network.RunUntil(() => pair.Right.ReadyPeer is not null && pair.Left.Last<SealedPeerEvent.Connected>() is not null, TimeSpan.FromSeconds(2));
        pair.Network.RunFor(TimeSpan.FromSeconds(40));
        Assert.Null(pair.Left.ReadyPeer);
        var asked = pair.Right.ReadyPeer!.WordsShown.Except(pair.Left.Last<SealedPeerEvent.Connected>()!.Peer.WordsShown).ToArray();
        Assert.Equal(2, asked.Length);
        Assert.True(pair.Left.Type(asked));
        pair.Finish();
    }

    [Fact]
    public void All_four_words_of_a_screen_are_as_good_as_the_two_that_are_asked_for()
    {
        using var pair = new SealedPair(7, NatBehavior.FullCone, NatBehavior.FullCone, leftOptions: options => options with { Verify = true });
        pair.Paste();
        pair.Network.RunUntil(() => pair.Right.ReadyPeer is not null && pair.Left.Last<SealedPeerEvent.Connected>() is not null, TimeSpan.FromSeconds(2));
        var all = pair.Right.ReadyPeer!.WordsShown;
        Assert.Equal(4, all.Count);
        Assert.False(pair.Left.Type(all.Reverse()));
        Assert.True(pair.Left.Type(all));
        pair.Finish();
    }

    [Fact]
    public void Two_senders_are_told_at_once()
    {
        using var pair = new SealedPair(7, NatBehavior.FullCone, NatBehavior.FullCone, rightOptions: options => options with { WantsToSend = true });
        pair.Left.Socket.Command(now => Assert.NotEqual(default, pair.Left.Peer.SetTicket(pair.Right.Ticket with { WantsToSend = true }, now)));
        pair.Left.Paste(pair.Right.Ticket with { WantsToSend = false });
        pair.Network.RunUntil(() => pair.Left.Last<SealedPeerEvent.RolesConflict>() is not null, TimeSpan.FromSeconds(2));
        Assert.True(pair.Left.Last<SealedPeerEvent.RolesConflict>()!.BothSend);
    }

    [Fact]
    public void The_original_program_is_noticed_at_a_bare_address_and_nowhere_else()
    {
        using var pair = new SealedPair(8, NatBehavior.FullCone, NatBehavior.FullCone, LinkProfile.Lan);
        byte[] handshake = [0x80, .. new byte[15], 0, 0, 0, 4, .. new byte[44]];
        pair.Network.Inject(pair.Right.Outside, pair.Left.Outside, handshake);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(pair.Left.Events);

        pair.Left.PasteBare(pair.Right.Outside);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        pair.Network.Inject(pair.Right.Outside, pair.Left.Outside, handshake);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(pair.Right.Outside, pair.Left.Last<SealedPeerEvent.OriginalPeerHeard>()!.Remote);

        using var known = new SealedPair(9, NatBehavior.FullCone, NatBehavior.FullCone, LinkProfile.Lan);
        known.Left.Paste(known.Right.Ticket);
        known.Network.Inject(known.Right.Outside, known.Left.Outside, handshake);
        known.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Null(known.Left.Last<SealedPeerEvent.OriginalPeerHeard>());
    }
}
