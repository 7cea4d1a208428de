using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;
using P2PCopy.Tests.Sealed;

namespace P2PCopy.Tests.Crossing;

/// <summary>A port that nobody can know is found all the same: when two sides meet, and when they lose each other.</summary>
public sealed class GuessingTests
{
    private const int Bytes = 8_000_000;

    private static readonly LinkProfile Line = LinkProfile.Fibre with { BitsPerSecond = 10_000_000 };

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public void A_random_NAT_and_one_that_lets_in_known_ports_meet(int rightIsLater)
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            using var scene = new MeetingScene(seed, [NatBehavior.Symmetric], [NatBehavior.PortRestrictedCone]);
            Assert.Equal(CrossingKind.Guessing, scene.Plan.Kind);
            var time = scene.Meet(TimeSpan.FromSeconds(rightIsLater), scene.Plan.Limit!.Value);
            Assert.True(time is not null, $"seed {seed}: not met");

            // The socket that was hit carries all, the rest are closed.
            Assert.Equal((1, 0), (scene.Left.Socket.FurtherSockets, scene.Right.Socket.FurtherSockets));
        }
    }

    [Fact]
    public void A_copy_goes_on_when_a_NAT_gives_another_port_and_the_peers_lets_in_known_ports_alone()
    {
        for (ulong seed = 60; seed < 70; seed++)
        {
            using var pair = Copying(seed, NatBehavior.PortRestrictedCone, NatBehavior.PortRestrictedCone);
            var moved = pair.Right.Moved;
            pair.Left.Host.Nats.Last().Behavior = NatBehavior.Symmetric;
            pair.Left.Host.Nats.Last().Table.Restart();
            pair.Network.RunUntil(() => pair.Right.Moved > moved + 500_000, TimeSpan.FromSeconds(25));
            Assert.NotNull(pair.Left.Last<SealedPeerEvent.Restored>());
            pair.Finish(120);
            Assert.Equal((1, 0), (pair.Left.Socket.FurtherSockets, pair.Right.Socket.FurtherSockets));
        }
    }

    [Fact]
    public void Nobody_guesses_where_the_peer_would_get_in_anyway()
    {
        using var pair = Copying(70, NatBehavior.PortRestrictedCone, NatBehavior.RestrictedCone);
        SimNetwork.UplinkOf(pair.Left.Host).IsDown = true;
        var sent = pair.Right.Socket.Sent;
        pair.Network.RunFor(TimeSpan.FromSeconds(60));
        Assert.InRange(pair.Right.Socket.Sent - sent, 1, 3000);
        Assert.Equal(0, pair.Left.Socket.FurtherSockets);
    }

    private static SealedPair Copying(ulong seed, NatBehavior left, NatBehavior right)
    {
        var pair = new SealedPair(seed, left, right, Line, Bytes);
        (pair.Left.Network, pair.Right.Network) = (ReportOf(pair.Left, left), ReportOf(pair.Right, right));
        pair.Paste().Meet();
        pair.Network.RunUntil(() => pair.Right.Moved > Bytes / 8, TimeSpan.FromSeconds(20));
        return pair;
    }

    private static NetworkReport ReportOf(SealedSide side, NatBehavior nat) => new()
    {
        ServersAsked = 4,
        ServersAnswered = 4,
        MappedEndpoint = side.Outside,
        Mapping = MappingBehavior.EndpointIndependent,
        Filtering = nat.Filtering switch
        {
            NatScope.EndpointIndependent => FilteringBehavior.EndpointIndependent,
            NatScope.AddressDependent => FilteringBehavior.AddressDependent,
            _ => FilteringBehavior.AddressAndPortDependent,
        },
        EarlyPackets = EarlyPacketEffect.None,
    };
}
