using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Sealed;

/// <summary>A copy goes on when what carries it changes.</summary>
public sealed class SurvivalTests
{
    private const int Bytes = 8_000_000;
    private static readonly LinkProfile Line = LinkProfile.Fibre with { BitsPerSecond = 10_000_000 };

    [Fact]
    public void A_black_out_of_half_a_minute_ends_and_the_copy_goes_on_at_once()
    {
        using var pair = Copying(40, NatBehavior.PortRestrictedCone, NatBehavior.PortRestrictedCone);
        SetDown(pair, true);
        pair.Network.RunFor(TimeSpan.FromSeconds(30));
        Assert.NotNull(pair.Left.Last<SealedPeerEvent.Silent>());
        var moved = pair.Right.Moved;
        SetDown(pair, false);
        pair.Network.RunUntil(() => pair.Right.Moved > moved, TimeSpan.FromSeconds(2));
        Assert.NotNull(pair.Left.Last<SealedPeerEvent.Restored>());
        pair.Finish();
    }

    [Fact]
    public void A_black_out_of_nearly_two_minutes_is_survived_and_a_longer_one_is_told()
    {
        using (var pair = Copying(41, NatBehavior.Open, NatBehavior.Open))
        {
            SetDown(pair, true);
            pair.Network.RunFor(TimeSpan.FromSeconds(110));
            SetDown(pair, false);
            pair.Finish();
        }

        using var broken = Copying(42, NatBehavior.Open, NatBehavior.Open);
        SetDown(broken, true);
        broken.Network.RunUntil(() => broken.Left.Last<SealedPeerEvent.Broken>() is not null, TimeSpan.FromSeconds(140));
    }

    [Theory]
    [InlineData("full-cone")]
    [InlineData("restricted-cone")]
    [InlineData("open")]
    public void A_NAT_that_gives_our_side_another_port_is_followed(string peerNat)
    {
        using var pair = Copying(43, NatBehavior.PortRestrictedCone, NatBehavior.All.Single(nat => nat.Name == peerNat));
        var moved = pair.Right.Moved;
        pair.Left.Host.Nats.Last().Table.Restart();
        pair.Network.RunUntil(() => pair.Right.Moved > moved + 500_000, TimeSpan.FromSeconds(3));
        Assert.NotNull(pair.Right.Last<SealedPeerEvent.PathMoved>());
        pair.Finish();
    }

    [Fact]
    public void A_host_that_changes_its_network_goes_on_with_a_reachable_peer()
    {
        using var pair = Copying(44, NatBehavior.PortRestrictedCone, NatBehavior.FullCone);
        var moved = pair.Right.Moved;
        pair.Network.Move(pair.Left.Host, Line, NatBehavior.PortRestrictedCone);
        pair.Left.Socket.Command(pair.Left.Peer.LocalAddressChanged);
        pair.Network.RunUntil(() => pair.Right.Moved > moved + 500_000, TimeSpan.FromSeconds(3));
        pair.Finish();
    }

    [Fact]
    public void A_new_ticket_with_the_same_key_brings_back_a_peer_behind_a_strict_NAT()
    {
        using var pair = Copying(45, NatBehavior.PortRestrictedCone, NatBehavior.PortRestrictedCone);
        pair.Network.Move(pair.Left.Host, Line, NatBehavior.PortRestrictedCone);
        pair.Left.Socket.Command(pair.Left.Peer.LocalAddressChanged);
        pair.Network.RunFor(TimeSpan.FromSeconds(20));
        var moved = pair.Right.Moved;
        pair.Right.Paste(pair.Left.Ticket);
        pair.Network.RunUntil(() => pair.Right.Moved > moved + 500_000, TimeSpan.FromSeconds(3));
        Assert.Single(pair.Right.Events.OfType<SealedPeerEvent.Ready>());
        pair.Finish();
    }

    [Fact]
    public void A_ticket_of_somebody_else_is_refused_while_the_copy_runs()
    {
        using var pair = Copying(46, NatBehavior.FullCone, NatBehavior.FullCone);
        using var other = new SealedPair(47, NatBehavior.FullCone, NatBehavior.FullCone);
        var strange = other.Left.Ticket with { PublicKey = SealedSide.KeyOf(9).Public };
        pair.Right.Socket.Command(now => Assert.NotEqual(default, pair.Right.Peer.SetTicket(strange, now)));
        pair.Finish();
    }

    [Fact]
    public void A_path_with_a_smaller_packet_size_is_found_out_before_the_copy()
    {
        using var pair = new SealedPair(48, NatBehavior.FullCone, NatBehavior.FullCone, Line with { Mtu = 1450 });
        pair.Paste().Meet(2).Finish();
        Assert.Equal(1392 - 32, pair.Left.Peer.LargestPacket);
    }

    [Fact]
    public void Near_peers_leave_room_for_the_longer_tag()
    {
        if (!DataCipher.Aegis256.IsSupported()) return;
        using var pair = new SealedPair(48, NatBehavior.FullCone, NatBehavior.FullCone, Line with { Delay = TimeSpan.FromMilliseconds(1), Mtu = 1450 });
        pair.Paste().Meet(2).Finish();
        Assert.Equal((1392 - 48, 1392 - 48), (pair.Left.Peer.LargestPacket, pair.Right.Peer.LargestPacket));
    }

    // PROTOCOL CHN-12.
    [Theory]
    [InlineData(1_000_000_000, null, 32)]
    [InlineData(10_000_000_000, 100_000_000L, 32)]
    [InlineData(10_000_000_000, null, 48)]
    public void The_longer_tag_is_not_for_networks_that_are_slower_than_sealing(long left, long? right, int overhead)
    {
        if (!DataCipher.Aegis256.IsSupported()) return;
        var near = Line with { Delay = TimeSpan.FromMilliseconds(1) };
        using var pair = new SealedPair(48, NatBehavior.FullCone, NatBehavior.FullCone, near, leftOptions: With(left), rightOptions: With(right));
        pair.Paste().Meet(2).Finish();
        Assert.Equal((1472 - overhead, 1472 - overhead), (pair.Left.Peer.LargestPacket, pair.Right.Peer.LargestPacket));

        static Func<SealedPeerOptions, SealedPeerOptions> With(long? bitsPerSecond) => options => options with { FastestNetwork = bitsPerSecond };
    }

    [Fact]
    public void Copies_over_random_networks_with_random_accidents_arrive_whole()
    {
        foreach (var seed in SimulationSeeds.From([.. Enumerable.Range(1, 150).Select(number => (ulong)number)]))
        {
            var random = SeededRandom.For(seed, "accidents");
            NatBehavior[] kinds = [NatBehavior.Open, NatBehavior.FullCone, NatBehavior.RestrictedCone, NatBehavior.PortRestrictedCone, NatBehavior.FirewallStateful];
            var left = kinds[random.Between(0, kinds.Length - 1)];
            var right = kinds[random.Between(0, 2)];
            var link = LinkProfile.Random(random) with { BitsPerSecond = (long)random.Magnitude(2_000_000, 50_000_000) };
            using var pair = new SealedPair(seed, left, right, link, (long)random.Magnitude(1000, 1_000_000));
            pair.Left.Paste(pair.Right.Ticket);
            pair.Network.RunFor(TimeSpan.FromSeconds(random.NextDouble() * 5));
            pair.Right.Paste(pair.Left.Ticket);
            pair.Network.At(TimeSpan.FromSeconds(random.NextDouble() * 4), () => pair.Left.Host.Nats.LastOrDefault()?.Table.Restart());
            pair.Network.At(TimeSpan.FromSeconds(random.NextDouble() * 4), () => SetDown(pair, true));
            pair.Network.At(TimeSpan.FromSeconds(4 + (random.NextDouble() * 40)), () => SetDown(pair, false));
            pair.Finish(600);
        }
    }

    private static SealedPair Copying(ulong seed, NatBehavior left, NatBehavior right)
    {
        var pair = new SealedPair(seed, left, right, Line, Bytes).Paste().Meet();
        pair.Network.RunUntil(() => pair.Right.Moved > Bytes / 8, TimeSpan.FromSeconds(20));
        return pair;
    }

    private static void SetDown(SealedPair pair, bool down) =>
        SimNetwork.UplinkOf(pair.Left.Host).IsDown = SimNetwork.UplinkOf(pair.Right.Host).IsDown = down;
}
