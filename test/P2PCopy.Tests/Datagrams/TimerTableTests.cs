using CsCheck;
using P2PCopy.Datagrams;

namespace P2PCopy.Tests.Datagrams;

public class TimerTableTests
{
    private enum Timer
    {
        Acknowledge,
        Resend,
        Expire,
    }

    [Fact]
    public void A_new_table_waits_for_nothing()
    {
        var timers = new TimerTable<Timer>();
        Assert.Equal(Instant.Never, timers.Next);
        Assert.All(Enum.GetValues<Timer>(), timer => Assert.False(timers.Expired(timer, new Instant(long.MaxValue - 1))));
    }

    [Fact]
    public void A_timer_expires_once_at_its_deadline_and_not_before()
    {
        var timers = new TimerTable<Timer> { [Timer.Resend] = new Instant(100), [Timer.Expire] = new Instant(200) };
        Assert.False(timers.Expired(Timer.Resend, new Instant(99)));
        Assert.True(timers.Expired(Timer.Resend, new Instant(100)));
        Assert.False(timers.Expired(Timer.Resend, new Instant(101)));
        Assert.Equal(new Instant(200), timers.Next);
    }

    [Fact]
    public void It_behaves_as_a_dictionary_of_deadlines() =>
        Gen.Select(Gen.Enum<Timer>(), Gen.Long[0, 1000], Gen.Int[0, 9]).Array.Sample(operations =>
        {
            var timers = new TimerTable<Timer>();
            Dictionary<Timer, long> model = [];
            foreach (var (timer, time, operation) in operations)
            {
                switch (operation)
                {
                    case 0:
                        timers.StopAll();
                        model.Clear();
                        break;
                    case 1 or 2:
                        timers.Stop(timer);
                        model.Remove(timer);
                        break;
                    case < 6:
                        var due = model.TryGetValue(timer, out var deadline) && deadline <= time;
                        Assert.Equal(due, timers.Expired(timer, new Instant(time)));
                        if (due) model.Remove(timer);
                        break;
                    default:
                        timers[timer] = new Instant(time);
                        model[timer] = time;
                        break;
                }

                Assert.Equal(model.Count == 0 ? Instant.Never : new Instant(model.Values.Min()), timers.Next);
            }
        });
}
