using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Report;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Crossing;

/// <summary>When no server could tell what early packets do to a NAT.</summary>
public sealed class UnknownNatTests
{
    [Theory]
    [InlineData("port-restricted-cone", "port-restricted-p")]
    [InlineData("port-restricted-p", "port-restricted-cone")]
    [InlineData("port-restricted-p", "port-restricted-p")]
    public void Whoever_is_spoilt_meets_in_a_slot_at_last(string left, string right)
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            using var scene = new MeetingScene(seed, [Nat(left)], [Nat(right)], testsFilters: false);
            Assert.Equal((CrossingKind.PerhapsSlots, EarlyPacketEffect.Unknown), (scene.Plan.Kind, scene.Left.Report!.EarlyPackets));
            Assert.True(scene.Meet(TimeSpan.FromSeconds(4), scene.Plan.Limit!.Value) is not null, $"seed {seed}");
        }
    }

    [Fact]
    public void Whoever_is_not_spoilt_does_not_wait_for_one()
    {
        using var scene = new MeetingScene(1, [Nat("port-restricted-cone")], [Nat("port-restricted-cone")], testsFilters: false);
        Assert.True(scene.Meet(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)) is not null);
    }

    [Fact]
    public void A_user_who_takes_two_minutes_finds_the_mapping_where_the_ticket_says_although_it_lives_for_fifteen_seconds()
    {
        var shortLife = NatBehavior.PortRestrictedCone with { MappingTimeout = TimeSpan.FromSeconds(15) };
        using var scene = new MeetingScene(2, [shortLife], [shortLife]);
        Assert.True(scene.Meet(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1)) is not null);
    }

    private static NatBehavior Nat(string name) => NatBehavior.All.Single(nat => nat.Name == name);
}
