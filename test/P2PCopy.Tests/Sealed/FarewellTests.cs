using P2PCopy.NatTraversal.Channel.Wire;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Sealed;

/// <summary>One side ends the session while the other has much to say.</summary>
public sealed class FarewellTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_other_side_is_told_and_sends_nothing_more(bool senderEnds)
    {
        using var pair = new SealedPair(70, NatBehavior.PortRestrictedCone, NatBehavior.PortRestrictedCone, LinkProfile.Fibre with { BitsPerSecond = 10_000_000 }, 8_000_000).Paste();
        pair.Network.RunUntil(() => pair.Right.Moved > 500_000, TimeSpan.FromSeconds(10));
        var (ending, told) = senderEnds ? (pair.Left, pair.Right) : (pair.Right, pair.Left);

        ending.Socket.Command(now => ending.Peer.Close(now));
        pair.Network.RunFor(TimeSpan.FromSeconds(2));

        Assert.Single(told.Events.OfType<SealedPeerEvent.PeerClosed>());
        var moved = pair.Right.Moved;
        pair.Network.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(moved, pair.Right.Moved);
    }

    [Fact]
    public void What_runs_inside_can_come_to_its_end_although_nobody_hears_it()
    {
        using var pair = EndedByTheLeftSide(71);

        pair.Right.Socket.Command(now => pair.Right.Connection!.Abort(now));
        pair.Network.RunUntil(() => pair.Right.Connection!.IsSettled, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void What_runs_inside_keeps_its_own_time_to_the_end()
    {
        using var pair = EndedByTheLeftSide(71);

        // It says three times that it goes, which is what its owner waits for.
        pair.Right.Socket.Command(now => pair.Right.Connection!.Abort(now));
        var peer = pair.Right.Peer;
        for (var looks = 0; !pair.Right.Connection!.IsSettled; looks++)
        {
            Assert.InRange(looks, 0, 30);
            Assert.True(peer.NextTimeout <= peer.Inner.NextTimeout, "it is not woken when it wants to be");
            pair.Network.RunFor(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public void A_stranger_whose_farewell_comes_together_with_a_question_is_gone()
    {
        using var pair = StrangerAtTheDoor(72, answered: false);
        var late = new List<byte[]>();
        pair.Network.Loses = datagram =>
        {
            if (datagram.Source.SameAddress(pair.Left.Host.Address)) late.Add(datagram.Payload.ToArray());
            return true;
        };
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        pair.Left.Socket.Command(now => pair.Left.Peer.Close(now));
        pair.Network.RunFor(TimeSpan.FromSeconds(1));

        // A busy receiver takes all that waits in its socket before it says anything.
        pair.Right.Socket.Command(now => late.ForEach(datagram => pair.Right.Peer.Handle(datagram, pair.Left.Outside, now)));
        pair.Network.RunUntil(() => pair.Right.Last<SealedPeerEvent.StrangerLeft>() is not null, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_stranger_who_falls_silent_is_gone_after_two_minutes()
    {
        using var pair = StrangerAtTheDoor(73, answered: true);
        pair.Network.RunFor(TimeSpan.FromMinutes(5));
        pair.Network.Loses = datagram => datagram.Source.SameAddress(pair.Left.Host.Address);
        pair.Network.RunFor(TimeSpan.FromSeconds(110));
        Assert.Null(pair.Right.Last<SealedPeerEvent.StrangerLeft>());

        pair.Network.RunUntil(() => pair.Right.Last<SealedPeerEvent.StrangerLeft>() is not null, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void Who_was_told_that_it_is_over_has_nothing_to_wait_for()
    {
        using var pair = EndedByTheLeftSide(74);

        pair.Right.Socket.Command(now => Assert.False(pair.Right.Peer.Close(now)));
    }

    // The left side has ended the session, and the right one has heard it.
    private static SealedPair EndedByTheLeftSide(ulong seed)
    {
        var pair = new SealedPair(seed, NatBehavior.PortRestrictedCone, NatBehavior.PortRestrictedCone).Paste().Finish();
        pair.Left.Socket.Command(now => Assert.True(pair.Left.Peer.Close(now)));
        pair.Network.RunUntil(() => pair.Right.Last<SealedPeerEvent.PeerClosed>() is not null, TimeSpan.FromSeconds(1));
        return pair;
    }

    // The left side holds the ticket of the right one, which has nothing of the left one's but words to ask for.
    private static SealedPair StrangerAtTheDoor(ulong seed, bool answered)
    {
        var pair = new SealedPair(seed, NatBehavior.PortRestrictedCone, NatBehavior.FullCone);
        if (!answered)
        {
            pair.Network.Loses = datagram => datagram.Source.SameAddress(pair.Right.Host.Address)
                && DatagramHeader.TryRead(datagram.Payload, out var header) && header.Type is PacketType.Control;
        }

        pair.Left.Paste(pair.Right.Ticket);
        pair.Network.RunUntil(() => pair.Right.Last<SealedPeerEvent.StrangerArrived>() is not null, TimeSpan.FromSeconds(2));
        return pair;
    }
}
