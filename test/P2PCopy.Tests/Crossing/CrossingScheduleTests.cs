using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Paths;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.Tests.Crossing;

public sealed class CrossingScheduleTests
{
    // The plan begins 7 s after a slot.
    private static readonly DateTimeOffset Slot = DateTimeOffset.FromUnixTimeSeconds(40 * 45_000_000L);
    private static readonly Instant Start = new(123_000_000);
    private static readonly InternetTime Clock = new(TimeSource.InternetServers, Slot + TimeSpan.FromSeconds(7) - (Start - Instant.Zero), TimeSpan.Zero);

    [Fact]
    public void Two_sides_that_early_packets_spoil_are_silent_but_in_slots()
    {
        var steps = Steps(ProbeStyle.Slots, keepsHole: false, seconds: 75);
        Assert.Equal([(32, 2), (32.005, 4), (32.01, 6), (32.5, 2), (32.505, 4), (32.51, 6)], steps[..6]);
        Assert.Equal(Enumerable.Range(0, 31).Select(index => (33 + (index / 10d), 0)), steps[6..37]);
        Assert.Equal((72, 2), steps[37]);
    }

    [Fact]
    public void Towards_a_side_that_would_be_spoilt_only_openers_leave_and_after_a_while_slots_too()
    {
        var steps = Steps(ProbeStyle.Openers, keepsHole: true, seconds: 80);
        Assert.Equal([0, 1, 5, 10, 15], steps.Where(step => step.Hops == 2).Take(5).Select(step => step.At));
        Assert.Equal(33, steps.First(step => step.Hops == 0).At);
        Assert.Equal([38d, 43, 48, 53, 58, 63, 68], steps.Where(step => step.Hops == 2 && step.At is > 33 and < 72).Select(step => step.At));
    }

    [Fact]
    public void Who_knows_nothing_probes_for_ten_seconds_and_then_goes_by_the_clock()
    {
        var steps = Steps(ProbeStyle.FastThenSlots, keepsHole: true, seconds: 75);
        Assert.Equal([0, 0.1, 0.3, 0.7, 1.5, 2], steps[..6].Select(step => step.At));
        Assert.Equal(9.5, steps.Last(step => step is { Hops: 0, At: < 30 }).At);
        Assert.Equal([43d, 53, 63], steps.Where(step => step.Hops == 2 && step.At is > 33 and < 72).Select(step => step.At));
        Assert.DoesNotContain(Steps(ProbeStyle.FastThenSlots, keepsHole: false, seconds: 75), step => step.At is > 36.01 and < 72);
    }

    [Fact]
    public void Steps_never_go_back()
    {
        foreach (var style in Enum.GetValues<ProbeStyle>())
        {
            var steps = Steps(style, keepsHole: true, seconds: 300);
            Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.True(pair.First.At < pair.Second.At, $"{style}: {pair}"));
        }
    }

    [Fact]
    public void A_slot_is_taken_as_long_as_there_is_time_to_open_ones_own_NAT()
    {
        var slot = Clock.InstantOf(Slot + CommonSlots.Period);
        Assert.Equal(slot, CommonSlots.Next(Clock, slot - CommonSlots.Lead));
        Assert.Equal(slot + CommonSlots.Period, CommonSlots.Next(Clock, slot - CommonSlots.Lead + TimeSpan.FromMicroseconds(1)));
    }

    [Fact]
    public void An_opener_that_is_late_is_made_up_for_by_the_one_that_goes_furthest()
    {
        var plan = CrossingSchedule.Of(CrossingPlan.Unknown with { Style = ProbeStyle.Openers }, Clock, Start);
        var schedule = default(ProbeSchedule);
        schedule.Begin(plan, Start);
        Assert.Equal(2, schedule.TimeToLive);
        var late = Start + TimeSpan.FromMilliseconds(80);
        schedule.Advance(late);
        Assert.True(schedule.Next <= late);
        Assert.Equal(6, schedule.TimeToLive);
        schedule.Advance(late);
        Assert.Equal((Start + TimeSpan.FromSeconds(1), 2), (schedule.Next, schedule.TimeToLive));
    }

    [Fact]
    public void A_plan_that_is_begun_late_opens_the_way_at_once_but_owes_no_burst()
    {
        var plan = CrossingSchedule.Of(CrossingPlan.Unknown with { Style = ProbeStyle.Openers }, Clock, Start);
        var schedule = default(ProbeSchedule);
        schedule.BeginLate(plan, Start, Start + TimeSpan.FromMilliseconds(400));
        Assert.True(schedule.Next <= Start + TimeSpan.FromMilliseconds(400));
        Assert.Equal(6, schedule.TimeToLive);

        // The slot is 33 s after the beginning, and its burst is over after 3 s.
        var after = Start + TimeSpan.FromSeconds(36.5);
        schedule.BeginLate(plan, Start, after);
        Assert.True(schedule.Next > after);
        schedule.BeginLate(plan, Start, Start);
        Assert.Equal((Start, 2), (schedule.Next, schedule.TimeToLive));
    }

    private static (double At, int Hops)[] Steps(ProbeStyle style, bool keepsHole, double seconds)
    {
        var crossing = CrossingPlan.Unknown with { Style = style, KeepsHole = keepsHole };
        var plan = CrossingSchedule.Of(crossing, Clock, Start);
        return [.. Enumerable.Range(0, 2000).Select(index => plan[index]).TakeWhile(step => step.After.TotalSeconds < seconds).Select(step => (step.After.TotalSeconds, (int)step.TimeToLive))];
    }
}
