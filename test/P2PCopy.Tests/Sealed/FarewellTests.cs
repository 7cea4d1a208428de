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
        using var pair = new SealedPair(71, NatBehavior.PortRestrictedCone, NatBehavior.PortRestrictedCone).Paste().Finish();
        pair.Left.Socket.Command(now => pair.Left.Peer.Close(now));
        pair.Network.RunUntil(() => pair.Right.Last<SealedPeerEvent.PeerClosed>() is not null, TimeSpan.FromSeconds(1));

        pair.Right.Socket.Command(now => pair.Right.Connection!.Abort(now));
        pair.Network.RunUntil(() => pair.Right.Connection!.IsSettled, TimeSpan.FromSeconds(1));
    }
}
