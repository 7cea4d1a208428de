using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO.Sending;

namespace P2PCopy.Tests.Datagrams;

/// <summary>Which datagrams leave together.</summary>
public sealed class SendBatchTests
{
    private static readonly UdpEndpoint Peer = UdpEndpoint.FromIPv4(0x0a000001, 1000);
    private static readonly UdpEndpoint Other = UdpEndpoint.FromIPv4(0x0a000002, 1000);

    [Fact]
    public void Datagrams_of_one_size_to_one_peer_are_a_train() => Assert.Equal(["3 of 1000"], Trains(To(1000), To(1000), To(1000)));

    [Fact]
    public void A_shorter_one_ends_the_train() => Assert.Equal(["3 of 1000", "1 of 1000"], Trains(To(1000), To(1000), To(400), To(1000)));

    [Fact]
    public void A_longer_one_begins_a_train() => Assert.Equal(["1 of 100", "2 of 1000"], Trains(To(100), To(1000), To(1000)));

    [Fact]
    public void Another_peer_begins_a_train() =>
        Assert.Equal(["1 of 1000", "2 of 1000", "1 of 1000"], Trains(To(1000), To(1000) with { Destination = Other }, To(1000) with { Destination = Other }, To(1000)));

    [Fact]
    public void Another_time_to_live_begins_a_train() =>
        Assert.Equal(["1 of 50", "2 of 50"], Trains(To(50) with { TimeToLive = 3 }, To(50), To(50)));

    [Fact]
    public void A_probe_of_the_largest_packet_stands_alone_so_that_nothing_can_cut_it() =>
        Assert.Equal(
            ["2 of 1200", "1 of 1200", "1 of 1200", "2 of 1200"],
            Trains(To(1200), To(1200), To(1200) with { DontFragment = true }, To(1200) with { DontFragment = true }, To(1200), To(1200)));

    [Fact]
    public void A_train_is_no_longer_than_a_datagram_of_IPv4_can_be_and_the_rest_waits_for_the_next_batch()
    {
        var source = new Sequence([.. Enumerable.Repeat(To(1472), 100)]);
        var batch = new SendBatch();

        batch.Fill(source, Instant.Zero);
        Assert.Equal(["44 of 1472"], Take(batch));
        batch.Fill(source, Instant.Zero);
        Assert.Equal(["44 of 1472"], Take(batch));
        batch.Fill(source, Instant.Zero);
        Assert.Equal(["12 of 1472"], Take(batch));
        batch.Fill(source, Instant.Zero);
        Assert.Equal([], Take(batch));
    }

    [Fact]
    public void A_train_has_no_more_datagrams_than_every_kernel_takes() =>
        Assert.Equal(["64 of 20"], Trains([.. Enumerable.Repeat(To(20), 70)]));

    [Fact]
    public void The_longest_datagrams_fit_whatever_comes_before() =>
        Assert.Equal(["1 of 100", "7 of 9216"], Trains([To(100), .. Enumerable.Repeat(To(9216), 7)]));

    [Fact]
    public void Bytes_stay_in_their_order()
    {
        var batch = new SendBatch();
        batch.Fill(new Sequence([To(2), To(2), To(3), To(3), To(1)]), Instant.Zero);
        var bytes = new List<byte>();
        while (batch.TryTakeTrain(out var train, out _)) bytes.AddRange(train);

        Assert.Equal<byte>([0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4], bytes);
    }

    private static Transmit To(int length) => new(length, Peer);

    private static List<string> Trains(params Transmit[] transmits)
    {
        var batch = new SendBatch();
        batch.Fill(new Sequence(transmits), Instant.Zero);
        return Take(batch);
    }

    private static List<string> Take(SendBatch batch)
    {
        var taken = new List<string>();
        while (batch.TryTakeTrain(out var train, out var first)) taken.Add($"{(train.Length + first.Length - 1) / first.Length} of {first.Length}");
        return taken;
    }

    /// <summary>A machine that sends these datagrams, each full of its number.</summary>
    private sealed class Sequence(Transmit[] transmits) : IDatagramProtocol
    {
        private int _next;

        public Instant NextTimeout => Instant.Zero;

        public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => false;

        public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now) => throw new NotSupportedException();

        public void HandleTimeout(Instant now) => throw new NotSupportedException();

        public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
        {
            transmit = _next < transmits.Length ? transmits[_next] : default;
            buffer[..transmit.Length].Fill((byte)_next);
            return _next < transmits.Length && ++_next > 0;
        }
    }
}
