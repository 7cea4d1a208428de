using P2PCopy.Cli.Terminal;

namespace P2PCopy.Tests.Cli;

public sealed class SmoothedRateTests
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(3);

    [Fact]
    public void A_steady_flow_is_shown_as_it_is_from_the_first_reading()
    {
        var rate = new SmoothedRate(Memory);
        for (var tenth = 1; tenth <= 50; tenth++)
        {
            rate.Add(TimeSpan.FromMilliseconds(100 * tenth), 1_000_000L * tenth);
            Assert.Equal(10_000_000, rate.BytesPerSecond, 0.01);
        }
    }

    [Fact]
    public void A_change_shows_within_seconds_and_not_at_once()
    {
        var rate = Steady(10);
        rate.Add(TimeSpan.FromSeconds(10.1), 1000 + 100);
        Assert.InRange(rate.BytesPerSecond, 101, 150);

        for (var tenth = 2; tenth <= 100; tenth++) rate.Add(TimeSpan.FromSeconds(10 + (tenth / 10.0)), 1000 + (100 * tenth));
        Assert.InRange(rate.BytesPerSecond, 950, 1000);
    }

    [Fact]
    public void A_stopped_flow_fades()
    {
        var rate = Steady(10);
        for (var tenth = 1; tenth <= 200; tenth++) rate.Add(TimeSpan.FromSeconds(10 + (tenth / 10.0)), 1000);

        Assert.InRange(rate.BytesPerSecond, 0, 1);
    }

    [Fact]
    public void Readings_of_one_moment_do_not_divide_by_zero()
    {
        var rate = new SmoothedRate(Memory);
        rate.Add(TimeSpan.Zero, 5);
        rate.Add(TimeSpan.FromTicks(1), 500_000);

        Assert.Equal(0, rate.BytesPerSecond);
    }

    private static SmoothedRate Steady(int seconds)
    {
        var rate = new SmoothedRate(Memory);
        for (var tenth = 1; tenth <= seconds * 10; tenth++) rate.Add(TimeSpan.FromSeconds(tenth / 10.0), tenth * 10);
        return rate;
    }
}
