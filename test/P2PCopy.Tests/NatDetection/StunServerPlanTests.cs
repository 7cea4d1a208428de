using P2PCopy.NatTraversal;
using P2PCopy.NatTraversal.NatDetection;

namespace P2PCopy.Tests.NatDetection;

public sealed class StunServerPlanTests
{
    [Fact]
    public void The_built_in_list_is_drawn_anew_with_the_two_near_ones_always_among_the_first_four()
    {
        var plans = Enumerable.Range(1, 50).Select(seed => StunServerPlan.BuiltIn(new Random(seed))).ToArray();
        Assert.All(plans, plan =>
        {
            Assert.Equal(4, plan.Mapping.Count);
            Assert.Contains(new ServerName("stun.l.google.com", 19302), plan.Mapping);
            Assert.Contains(new ServerName("stun.cloudflare.com", 3478), plan.Mapping);
            Assert.Equal(4, plan.Filtering.Count);
            Assert.Equal(8, plan.Fallback.Count);
            Assert.All(plan.Filtering, name => Assert.Contains(name, BuiltInStunServers.BehaviorDiscovery));
            Assert.Equal(16, plan.Mapping.Concat(plan.Filtering).Concat(plan.Fallback).Distinct().Count());
        });
        Assert.Equal(24, plans.SelectMany(plan => plan.Mapping.Concat(plan.Filtering).Concat(plan.Fallback)).Distinct().Count());
    }

    [Fact]
    public void The_same_seed_draws_the_same_servers() =>
        Assert.Equal(StunServerPlan.BuiltIn(new Random(7)).Fallback, StunServerPlan.BuiltIn(new Random(7)).Fallback);

    [Fact]
    public void A_users_servers_keep_their_order_and_the_filter_prefers_those_left_over()
    {
        var plan = StunServerPlan.Of(Names(6));
        Assert.Equal(Names(6)[..4], plan.Mapping);
        Assert.Equal([Names(6)[4], Names(6)[5], Names(6)[3], Names(6)[2]], plan.Filtering);
        Assert.Equal(Names(6)[4..], plan.Fallback);
    }

    [Fact]
    public void One_server_named_twice_does_everything_once()
    {
        var plan = StunServerPlan.Of([.. Names(1), .. Names(1)]);
        Assert.Equal(Names(1), plan.Mapping);
        Assert.Equal(Names(1), plan.Filtering);
        Assert.Empty(plan.Fallback);
    }

    private static ServerName[] Names(int count) => Enumerable.Range(1, count).Select(i => new ServerName($"s{i}", 3478)).ToArray();
}
