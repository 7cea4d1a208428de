using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.Tests.Time;

public sealed class InternetTimeTests
{
    private static readonly DateTimeOffset Truth = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_minority_of_liars_moves_nothing()
    {
        var time = InternetTime.FromSamples([Sample(0), Sample(0.01), Sample(-0.02), Sample(3600, delay: 0.0001)])!;
        Assert.True((time.UtcAtZero - Truth).Duration() <= TimeSpan.FromSeconds(0.02));
        Assert.True(time.ServersDisagree);
        Assert.Equal(4, time.ServersAnswered);
    }

    [Fact]
    public void Of_two_the_nearer_server_counts()
    {
        var time = InternetTime.FromSamples([Sample(0.3, delay: 0.2), Sample(0, delay: 0.02)])!;
        Assert.Equal(Truth, time.UtcAtZero);
        Assert.False(time.ServersDisagree);
        Assert.Equal(TimeSpan.FromSeconds(0.01), time.ErrorBound);
    }

    [Fact]
    public void Of_three_the_middle_one_counts()
    {
        Assert.Equal(Truth, InternetTime.FromSamples([Sample(5), Sample(0, delay: 0.9), Sample(-7)])!.UtcAtZero);
    }

    [Fact]
    public void Nobody_is_no_time() => Assert.Null(InternetTime.FromSamples([]));

    [Fact]
    public void Instants_and_times_belong_to_each_other()
    {
        var time = InternetTime.FromLocalClock(new Instant(5_000_000), Truth.AddSeconds(5));
        Assert.Equal(Truth, time.UtcAtZero);
        Assert.Equal(TimeSource.LocalClock, time.Source);
        Gen.Long[0, 1L << 50].Sample(us => Assert.Equal(new Instant(us), time.InstantOf(time.At(new Instant(us)))));
    }

    [Theory]
    [InlineData("1958-01-20T00:00:00Z")]
    [InlineData("2026-11-22T17:51:55.1234567Z")]
    [InlineData("2036-02-07T06:28:15.9999999Z")]
    [InlineData("2036-02-07T06:28:16Z")]
    [InlineData("2093-12-31T00:00:00Z")]
    public void A_timestamp_is_read_in_the_era_next_to_the_pivot(string text)
    {
        var utc = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(utc, NtpTimestamp.From(utc).ToUtc());
    }

    [Fact]
    public void The_start_of_the_unix_epoch_is_known()
    {
        Assert.Equal(2_208_988_800UL << 32, NtpTimestamp.From(DateTimeOffset.UnixEpoch).Bits);
    }

    [Fact]
    public void Any_timestamp_is_some_time()
    {
        Gen.ULong.Sample(bits => Assert.InRange(new NtpTimestamp(bits).ToUtc().Year, 1957, 2095));
    }

    private static NtpSample Sample(double seconds, double delay = 0.05) =>
        new(Truth.AddSeconds(seconds), TimeSpan.FromSeconds(delay), TimeSpan.Zero);
}
