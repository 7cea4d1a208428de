using P2PCopy.Datagrams;
using P2PCopy.Transfer.Measuring;

namespace P2PCopy.Tests.Transfer.Measuring;

public sealed class FlowTests
{
    private static readonly Instant Start = new(5_000_000);

    [Fact]
    public void The_meter_tells_the_whole_and_what_came_after_its_start()
    {
        var meter = new FlowMeter();
        for (var i = 0; i <= 50; i++) meter.Add(i < 20 ? 10 : 1000, Start + TimeSpan.FromMilliseconds(100 * i));

        Assert.Equal(new FlowedMessage((20 * 10) + (31 * 1000), 5_000_000, 30 * 1000, 3_000_000), meter.Total);
        var flow = MeasuredFlow.From(default, meter.Total);
        Assert.Equal(10_000, flow.LaterBytesPerSecond!.Value);
        Assert.Equal(6240, flow.BytesPerSecond);
    }

    [Fact]
    public void Of_a_short_flow_nothing_is_said_about_what_lasts()
    {
        var meter = new FlowMeter();
        meter.Add(10, Start);
        meter.Add(10, Start + TimeSpan.FromSeconds(1));

        var flow = MeasuredFlow.From(default, meter.Total);
        Assert.Null(flow.LaterBytesPerSecond);
        Assert.Equal(20, flow.BytesPerSecond);
    }

    [Fact]
    public void Nothing_that_came_has_no_rate()
    {
        var flow = MeasuredFlow.From(default, new FlowMeter().Total);
        Assert.Equal(0, flow.BytesPerSecond);
    }

    [Fact]
    public void The_pace_allows_what_the_last_two_seconds_carried()
    {
        var pace = new FlowPace();
        Assert.Equal(FlowPace.LeastBytes, pace.Allows(0, Start));

        long acknowledged = 0;
        for (var i = 1; i <= 100; i++) pace.Allows(acknowledged += 1000, Start + TimeSpan.FromMilliseconds(100 * i));
        Assert.Equal(FlowPace.LeastBytes + 20_000, pace.Allows(acknowledged, Start + TimeSpan.FromSeconds(10)));
        Assert.Equal(FlowPace.LeastBytes, pace.Allows(acknowledged, Start + TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Round_trips_are_told_by_their_median_and_their_least()
    {
        List<TimeSpan> trips = [.. new[] { 50, 20, 900, 40, 30 }.Select(static ms => TimeSpan.FromMilliseconds(ms))];
        Assert.Equal(new StopMessage(7, 40_000, 20_000, 25_000), StopMessage.Of(7, trips, 400, 10));
        Assert.Equal(new StopMessage(7, 0, 0, 0), StopMessage.Of(7, [], 0, 0));
    }
}
