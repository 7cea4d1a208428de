using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Receiving;

namespace P2PCopy.Tests.Udt.Receiving;

public sealed class AckHistoryTests
{
    private static readonly Instant Start = new(5_000_000);
    private readonly AckHistory _history = new();

    [Fact]
    public void An_ack2_tells_the_round_trip_once()
    {
        _history.Sent(new SequenceNumber(7), 100, Start);
        Assert.True(_history.TryConfirm(new SequenceNumber(7), Start + TimeSpan.FromMilliseconds(30), out var next, out var roundTrip));
        Assert.Equal((100L, TimeSpan.FromMilliseconds(30)), (next, roundTrip));
        Assert.False(_history.TryConfirm(new SequenceNumber(7), Start + TimeSpan.FromMilliseconds(31), out _, out _));
    }

    [Fact]
    public void Numbers_that_were_never_sent_or_long_ago_confirm_nothing()
    {
        Assert.False(_history.TryConfirm(new SequenceNumber(0), Start, out _, out _));
        for (var i = 1u; i <= 1025; i++) _history.Sent(new SequenceNumber(i), i, Start);
        Assert.False(_history.TryConfirm(new SequenceNumber(1), Start, out _, out _));
        Assert.False(_history.TryConfirm(new SequenceNumber(1026), Start, out _, out _));
        Assert.True(_history.TryConfirm(new SequenceNumber(2), Start, out _, out _));
    }

    [Fact]
    public void Numbers_go_round()
    {
        var number = new SequenceNumber(SequenceNumber.MaxValue - 1);
        for (var i = 0; i < 4; i++, number = number.Next) _history.Sent(number, i, Start);
        foreach (var (value, expected) in ((uint, long)[])[(SequenceNumber.MaxValue, 1), (0, 2), (1, 3), (SequenceNumber.MaxValue - 1, 0)])
        {
            Assert.True(_history.TryConfirm(new SequenceNumber(value), Start, out var next, out _));
            Assert.Equal(expected, next);
        }
    }
}
