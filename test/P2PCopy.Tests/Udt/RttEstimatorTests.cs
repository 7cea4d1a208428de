using P2PCopy.Udt;

namespace P2PCopy.Tests.Udt;

public sealed class RttEstimatorTests
{
    [Fact]
    public void It_begins_at_100_and_50_milliseconds()
    {
        var rtt = new RttEstimator();
        Assert.Equal((Milliseconds(100), Milliseconds(50), Milliseconds(300)), (rtt.RoundTrip, rtt.Variance, rtt.Timeout));
        Assert.False(rtt.HasSample);
    }

    [Fact]
    public void The_first_sample_counts_whole_and_later_ones_an_eighth()
    {
        var rtt = new RttEstimator();
        rtt.Sample(Milliseconds(40));
        Assert.Equal((Milliseconds(40), Milliseconds(20)), (rtt.RoundTrip, rtt.Variance));
        rtt.Sample(Milliseconds(80));

        // var = (3·20 + |80 − 40|)/4 before RTT = (7·40 + 80)/8.
        Assert.Equal((Milliseconds(45), Milliseconds(25)), (rtt.RoundTrip, rtt.Variance));
        Assert.Equal(Milliseconds(145), rtt.Timeout);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(30_001)]
    public void Impossible_samples_do_not_count(int milliseconds)
    {
        var rtt = new RttEstimator();
        rtt.Sample(Milliseconds(milliseconds));
        Assert.False(rtt.HasSample);
        Assert.Equal(Milliseconds(100), rtt.RoundTrip);
    }

    [Fact]
    public void The_start_values_of_a_peer_are_no_measurement()
    {
        var rtt = new RttEstimator();
        rtt.Adopt(100_000, 50_000);
        Assert.False(rtt.HasSample);
        rtt.Adopt(8_000, 1_000);
        Assert.Equal(Milliseconds(8), rtt.RoundTrip);
        rtt.Adopt(uint.MaxValue, 0);
        Assert.Equal(Milliseconds(8), rtt.RoundTrip);
    }

    [Theory]
    [InlineData(1, 310)]
    [InlineData(2, 610)]
    [InlineData(16, 4810)]
    public void Expirations_grow_by_the_timeout(int count, int milliseconds) =>
        Assert.Equal(Milliseconds(milliseconds), new RttEstimator().Expiration(count));

    [Theory]
    [InlineData(1, 300)]
    [InlineData(17, 5100)]
    public void And_by_300_milliseconds_at_least(int count, int milliseconds)
    {
        var rtt = new RttEstimator();
        for (var i = 0; i < 50; i++) rtt.Sample(Milliseconds(1));
        Assert.Equal(Milliseconds(milliseconds), rtt.Expiration(count));
    }

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);
}
