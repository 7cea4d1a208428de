using P2PCopy.Datagrams;
using P2PCopy.Transfer.Connecting;

namespace P2PCopy.Tests.Connecting;

public sealed class AttemptScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Instant Start = new(77_000_000);

    [Theory]
    [InlineData(3.0, 7, 7.0)]
    [InlineData(9.5, 1, 0.5)]
    [InlineData(0.0, 10, 10.0)]
    [InlineData(19.999, 1, 0.001)]
    public void A_try_starts_when_the_common_clock_shows_whole_ten_seconds(double second, int told, double waited)
    {
        var schedule = new AttemptSchedule(Start, TimeSpan.Zero);

        var attempt = schedule.Next(Start, Noon + TimeSpan.FromSeconds(second))!.Value;

        Assert.Equal(new Attempt(0, told, Start + TimeSpan.FromSeconds(waited), Start + TimeSpan.FromSeconds(waited + 30)), attempt);
    }

    [Fact]
    public void Failed_tries_follow_each_other_every_forty_seconds()
    {
        var schedule = new AttemptSchedule(Start, TimeSpan.FromMinutes(3));
        var begins = new List<double>();
        var now = Start;
        while (schedule.Next(now, Noon + TimeSpan.FromSeconds(4) + (now - Start)) is { } attempt)
        {
            begins.Add((attempt.Begin - Start).TotalSeconds);
            Assert.Equal(begins.Count - 1, attempt.Number);
            now = attempt.End + TimeSpan.FromMilliseconds(3);
        }

        Assert.Equal([6, 46, 86, 126, 166], begins);
    }

    [Fact]
    public void Peers_with_clocks_apart_by_less_than_a_slot_share_most_of_every_try()
    {
        var early = new AttemptSchedule(Start, TimeSpan.Zero).Next(Start, Noon + TimeSpan.FromSeconds(9.9))!.Value;
        var late = new AttemptSchedule(Start, TimeSpan.Zero).Next(Start, Noon + TimeSpan.FromSeconds(10.1))!.Value;

        Assert.True(early.End - late.Begin >= TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void The_last_try_ends_with_the_limit()
    {
        var schedule = new AttemptSchedule(Start, TimeSpan.FromSeconds(20));

        var attempt = schedule.Next(Start, Noon + TimeSpan.FromSeconds(5))!.Value;

        Assert.Equal(Start + TimeSpan.FromSeconds(20), attempt.End);
        Assert.Null(schedule.Next(attempt.End, Noon + TimeSpan.FromSeconds(25)));
    }

    [Fact]
    public void A_limit_shorter_than_the_wait_is_spent_trying()
    {
        var attempt = new AttemptSchedule(Start, TimeSpan.FromSeconds(2)).Next(Start, Noon)!.Value;

        Assert.Equal(new Attempt(0, 0, Start, Start + TimeSpan.FromSeconds(2)), attempt);
    }

    [Fact]
    public void Without_a_limit_it_goes_on_for_weeks()
    {
        var schedule = new AttemptSchedule(Start, TimeSpan.Zero);
        var later = Start + TimeSpan.FromDays(50);

        Assert.NotNull(schedule.Next(later, Noon + TimeSpan.FromDays(50)));
    }
}
