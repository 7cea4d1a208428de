using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.Tests.Transfer.Tree;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Measuring;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Tests.Transfer.Measuring;

public sealed class MeasureSessionTests
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(5);

    private static readonly Instant Start = new(1_000_000);

    [Theory]
    [InlineData(12_500_000, 2_500_000, 50)]
    [InlineData(125_000, 125_000, 30)]
    [InlineData(2_500_000, 12_500_000, 200)]
    public void Both_sides_tell_the_rate_of_each_way(long up, long down, int milliseconds)
    {
        var pair = new MeasurePair(Each, up, down, TimeSpan.FromMilliseconds(milliseconds));
        pair.Run();

        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (pair.Measurer.Ending!.Kind, pair.Waiter.Ending!.Kind));
        Assert.Equal(pair.Measurer.Sent, pair.Waiter.Received);
        Assert.Equal(pair.Measurer.Received, pair.Waiter.Sent);
        Assert.InRange(pair.Measurer.Sent!.LaterBytesPerSecond!.Value, up * 0.98, up * 1.02);
        Assert.InRange(pair.Measurer.Received!.LaterBytesPerSecond!.Value, down * 0.98, down * 1.02);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), pair.Measurer.Sent.RoundTrip);
        Assert.InRange(pair.Measurer.Sent.SentAgain, 0.01, 0.021);
    }

    [Fact]
    public void A_slow_line_is_not_filled_with_more_than_it_carries_in_a_few_seconds()
    {
        var pair = new MeasurePair(Each, 125_000, 125_000, TimeSpan.FromMilliseconds(30));
        pair.Run();

        Assert.InRange(pair.LongestQueue, 1, FlowPace.LeastBytes + (2 * 125_000) + (300 << 10));
        Assert.InRange(pair.Elapsed, 2 * Each, 2 * (Each + TimeSpan.FromSeconds(8)));
    }

    [Fact]
    public void Who_measures_says_for_how_long()
    {
        var pair = new MeasurePair(TimeSpan.FromSeconds(1), 1_000_000, 1_000_000, TimeSpan.FromMilliseconds(10));
        pair.Run();

        Assert.InRange(pair.Waiter.Received!.Time, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.6));
        Assert.InRange(pair.Waiter.Received.BytesPerSecond, 950_000, 1_050_000);
    }

    [Fact]
    public void A_peer_who_copies_is_told_apart()
    {
        foreach (var sends in (bool[])[true, false])
        {
            var session = new MeasureSession(measures: true, Each);
            session.Push(Wire.Hello(sends), Start);
            Assert.Equal(OutcomeKind.Refused, Told(session).Kind);
            Assert.Contains(sends ? "'p2pcopy sender'" : "'p2pcopy receiver'", Told(session).What, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_of_one_kind_do_not_measure(bool measures)
    {
        var session = new MeasureSession(measures, Each);
        session.Push(Hello(measures), Start);
        Assert.Equal(OutcomeKind.Refused, Told(session).Kind);
    }

    [Fact]
    public void What_has_no_place_ends_it()
    {
        byte[][] wrongs =
        [
            Wire.Chunk(0, 0, 100),
            [.. Wire.Message(MessageType.Measure, 0, 0)],
            [.. Wire.Message(MessageType.Measure, 0, 61)],
            [.. Wire.Message(MessageType.Measure, 0, 5), .. Wire.Chunk(1, 0, 100)],
            [.. Wire.Message(MessageType.Measure, 0, 5), .. Wire.Chunk(0, 7, 100)],
            [.. Wire.Message(MessageType.Measure, 0, 5), .. Wire.Message(MessageType.Measure, 0, 5)],
            [.. Wire.Message(MessageType.Measure, 0, 5), .. Wire.Chunk(0, 0, 100), .. Wire.Message(MessageType.Stop, new StopMessage(99, 0, 0, 0))],
            [.. Wire.Message(MessageType.Measure, 0, 5), .. Wire.Message(MessageType.Flowed, new FlowedMessage(0, 0, 0, 0))],
            [.. Wire.Message(MessageType.Measure, 0, 5), .. Wire.Message(MessageType.Done)],
        ];
        foreach (var wrong in wrongs)
        {
            var session = new MeasureSession(measures: false, TimeSpan.Zero);
            session.Push([.. Hello(measures: true), .. wrong], Start);
            Assert.Equal(OutcomeKind.PeerMisbehaved, Told(session).Kind);
        }
    }

    [Fact]
    public void Nobody_receives_for_ever()
    {
        var session = new MeasureSession(measures: false, TimeSpan.Zero);
        session.Push([.. Hello(measures: true), .. Wire.Message(MessageType.Measure, 0, 5)], Start);
        Take(session, Start);
        Take(session, Start);
        session.HandleTimeout(Start + TimeSpan.FromSeconds(64));
        Assert.False(session.IsGivingUp);
        session.HandleTimeout(Start + TimeSpan.FromSeconds(66));
        Assert.Equal(OutcomeKind.PeerMisbehaved, Told(session).Kind);
    }

    [Fact]
    public void A_report_of_other_bytes_than_were_sent_is_not_believed()
    {
        var session = new MeasureSession(measures: true, TimeSpan.FromSeconds(1));
        session.Push(Hello(measures: false), Start);
        Take(session, Start);
        Take(session, Start);
        Take(session, Start);
        Take(session, Start + TimeSpan.FromSeconds(1));
        session.Push(Wire.Message(MessageType.Flowed, new FlowedMessage(17, 1, 0, 0)), Start);
        Assert.Equal(OutcomeKind.PeerMisbehaved, Told(session).Kind);
    }

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Select(Gen.Bool, Gen.Byte.Array[0, 200], Gen.Int[0, 3]).Sample((measures, bytes, kind) =>
    {
        var session = new MeasureSession(measures, Each);
        if (kind > 0) session.Push(Hello(!measures), Start);
        Take(session, Start);
        if (kind > 1 && !measures) session.Push(Wire.Message(MessageType.Measure, 0, 5), Start);
        session.Push(bytes, Start);
        Take(session, Start);
    });

    private static byte[] Hello(bool measures) => Wire.Message(MessageType.Hello, new HelloMessage(1, 1, measures, TreeFeatures.None) { Measures = true });

    private static int Take(MeasureSession session, Instant now)
    {
        var count = session.Take(new byte[MeasureSession.MessageRoom], 0, now);
        if (count > 0) session.WasSent();
        return count;
    }

    /// <summary>How it ended once the peer was told.</summary>
    private static Ending Told(MeasureSession session)
    {
        for (var i = 0; i < 3 && session.Ending is null; i++) Take(session, Start);
        return session.Ending!;
    }
}
