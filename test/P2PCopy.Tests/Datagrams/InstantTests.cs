using CsCheck;
using P2PCopy.Datagrams;

namespace P2PCopy.Tests.Datagrams;

public class InstantTests
{
    private static readonly Gen<Instant> Instants = Gen.Long[0, 1L << 52].Select(us => new Instant(us));
    private static readonly Gen<TimeSpan> Spans = Gen.Long[-(1L << 48), 1L << 48].Select(us => TimeSpan.FromMicroseconds(us));

    [Fact]
    public void Adding_a_span_and_taking_the_difference_are_inverse() => Gen.Select(Instants, Spans).Sample((instant, span) =>
    {
        Assert.Equal(span, instant + span - instant);
        Assert.Equal(instant, instant + span - span);
    });

    [Fact]
    public void Order_is_that_of_the_microseconds() => Gen.Select(Instants, Instants).Sample((a, b) =>
    {
        Assert.Equal(a.Microseconds < b.Microseconds, a < b);
        Assert.Equal(a.Microseconds <= b.Microseconds, a <= b);
        Assert.Equal(a > b, b < a);
        Assert.Equal(a >= b, b <= a);
        Assert.Equal(Math.Sign(a.Microseconds.CompareTo(b.Microseconds)), Math.Sign(a.CompareTo(b)));
        Assert.Equal(Math.Min(a.Microseconds, b.Microseconds), Instant.Min(a, b).Microseconds);
        Assert.Equal(Math.Max(a.Microseconds, b.Microseconds), Instant.Max(a, b).Microseconds);
    });

    [Fact]
    public void Never_stays_never_and_is_after_all_others()
    {
        Assert.Equal(Instant.Never, Instant.Never + TimeSpan.FromDays(1));
        Assert.Equal(Instant.Never, Instant.Never - TimeSpan.FromDays(1));
        Instants.Sample(instant => Assert.True(instant < Instant.Never));
    }

    [Fact]
    public void It_reads_as_seconds()
    {
        Assert.Equal("12.000345s", new Instant(12_000_345).ToString());
        Assert.Equal("never", Instant.Never.ToString());
    }
}
