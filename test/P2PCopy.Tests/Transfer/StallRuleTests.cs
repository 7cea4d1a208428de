using P2PCopy.Datagrams;
using P2PCopy.Transfer;

namespace P2PCopy.Tests.Transfer;

public sealed class StallRuleTests
{
    private static readonly Instant Start = new(7_000_000);

    [Fact]
    public void Silence_of_the_whole_limit_is_a_stall()
    {
        var rule = new StallRule(TimeSpan.FromSeconds(50), Start);
        rule.Observe(0, waitingForUs: false, Start + TimeSpan.FromSeconds(49));

        Assert.False(rule.IsStalled(Start + TimeSpan.FromSeconds(49.9)));
        Assert.True(rule.IsStalled(Start + TimeSpan.FromSeconds(50)));
    }

    [Fact]
    public void Any_growing_counter_is_a_sign_of_life()
    {
        var rule = new StallRule(TimeSpan.FromSeconds(50), Start);
        rule.Observe(1, waitingForUs: false, Start + TimeSpan.FromSeconds(49));

        Assert.False(rule.IsStalled(Start + TimeSpan.FromSeconds(98)));
        Assert.Equal(TimeSpan.FromSeconds(49), rule.Silence(Start + TimeSpan.FromSeconds(98)));
        Assert.True(rule.IsStalled(Start + TimeSpan.FromSeconds(99)));
    }

    [Fact]
    public void Our_own_slow_disk_is_not_the_peers_silence()
    {
        var rule = new StallRule(TimeSpan.FromSeconds(50), Start);
        for (var second = 1; second <= 300; second++) rule.Observe(0, waitingForUs: true, Start + TimeSpan.FromSeconds(second));

        Assert.False(rule.IsStalled(Start + TimeSpan.FromSeconds(349)));
        Assert.True(rule.IsStalled(Start + TimeSpan.FromSeconds(350)));
    }
}
