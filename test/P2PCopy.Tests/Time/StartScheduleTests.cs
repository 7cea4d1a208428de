using System.Globalization;
using CsCheck;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.Tests.Time;

public sealed class StartScheduleTests
{
    [Theory]
    [InlineData("17:51:55.0", "17:52:00", 5)]
    [InlineData("17:51:51.9", "17:52:00", 9)]
    [InlineData("17:51:50.0", "17:52:00", 10)]
    [InlineData("17:51:59.999", "17:52:00", 1)]
    [InlineData("17:51:49.999", "17:51:50", 1)]
    [InlineData("23:59:59.5", "1.00:00:00", 1)]
    public void The_next_slot_is_the_next_full_ten_seconds(string now, string slot, int seconds)
    {
        var day = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        var next = StartSchedule.Next(day + TimeSpan.Parse(now, CultureInfo.InvariantCulture));
        Assert.Equal(day + TimeSpan.Parse(slot, CultureInfo.InvariantCulture), next.Time);
        Assert.Equal(seconds, next.WholeSeconds);
    }

    [Fact]
    public void Peers_whose_clocks_agree_roughly_mostly_name_the_same_slot_and_never_one_that_is_over()
    {
        Gen.Long[0, 4_000_000_000_000].Sample(ms =>
        {
            var now = DateTimeOffset.FromUnixTimeMilliseconds(ms);
            var next = StartSchedule.Next(now);
            Assert.True(next.Time > now);
            Assert.InRange(next.WholeSeconds, 1, 10);
            Assert.Equal(0, next.Time.Second % 10);
            Assert.InRange((next.Time - now).TotalSeconds, next.WholeSeconds - 1, next.WholeSeconds);
            Assert.Equal(next, StartSchedule.Next(next.Time.AddTicks(-1)) with { WholeSeconds = next.WholeSeconds });
        });
    }

    [Fact]
    public void Slots_of_forty_seconds_are_multiples_in_Unix_time()
    {
        var next = StartSchedule.Next(DateTimeOffset.FromUnixTimeSeconds(1_000_001), TimeSpan.FromSeconds(40));
        Assert.Equal(1_000_040, next.Time.ToUnixTimeSeconds());
        Assert.Equal(39, next.WholeSeconds);
    }

    [Fact]
    public void A_period_below_a_second_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StartSchedule.Next(DateTimeOffset.UnixEpoch, TimeSpan.Zero));
    }
}
