using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;

namespace P2PCopy.Tests.Channel;

public sealed class SecureChannelEpochTests
{
    private static readonly TimeSpan OldEpochLives = TimeSpan.FromSeconds(2);

    // PROTOCOL CHN-10.
    [Theory, MemberData(nameof(ChannelPair.Ciphers), MemberType = typeof(ChannelPair))]
    internal void Keys_change_by_themselves_and_the_receiver_follows_each_direction_alone(DataCipher cipher)
    {
        using var pair = new ChannelPair(cipher, packetsPerEpoch: 10);
        for (var i = 0; i < 100; i++)
        {
            var datagram = ChannelPair.Seal(pair.Initiator, [(byte)i]);
            Assert.Equal(i / 10, datagram[2]);
            Assert.Equal([(byte)i], pair.Open(pair.Responder, datagram, out var opened)!);
            Assert.Equal(((uint)i / 10, true), (opened.Epoch, opened.IsNewest));
        }

        Assert.Equal((9u, 9u), (pair.Initiator.SendEpoch, pair.Responder.ReceiveEpoch));
        Assert.Equal((0u, 0u), (pair.Responder.SendEpoch, pair.Initiator.ReceiveEpoch));
    }

    // PROTOCOL CHN-8.
    [Fact]
    public void The_epoch_of_the_header_begins_again_after_255()
    {
        using var pair = new ChannelPair(packetsPerEpoch: 2);
        var last = Array.Empty<byte>();
        for (var i = 0; i < 1200; i++)
        {
            last = ChannelPair.Seal(pair.Initiator, BitConverter.GetBytes(i));
            Assert.Equal((byte)(i / 2), last[2]);
            Assert.Equal(BitConverter.GetBytes(i), pair.Open(pair.Responder, last));
        }

        Assert.Equal((599u, 599u), (pair.Initiator.SendEpoch, pair.Responder.ReceiveEpoch));
        Assert.Null(pair.Open(pair.Responder, last));
    }

    // PROTOCOL CHN-9.
    [Fact]
    public void The_old_epoch_is_readable_for_two_seconds_after_the_first_packet_of_the_new_one()
    {
        using var pair = new ChannelPair(packetsPerEpoch: 4);
        var datagrams = Enumerable.Range(0, 8).Select(i => ChannelPair.Seal(pair.Initiator, [(byte)i])).ToArray();
        pair.Now = Instant.Zero + TimeSpan.FromSeconds(100);
        Assert.NotNull(pair.Open(pair.Responder, datagrams[0]));
        Assert.NotNull(pair.Open(pair.Responder, datagrams[5]));
        Assert.Equal(pair.Now + OldEpochLives, pair.Responder.NextTimeout);

        Assert.Equal([1], pair.Open(pair.Responder, datagrams[1], out var opened));
        Assert.Equal((0u, false), (opened.Epoch, opened.IsNewest));
        Assert.Null(pair.Open(pair.Responder, datagrams[0]));
        Assert.Equal(1, pair.Responder.Replayed);

        pair.Now += OldEpochLives - TimeSpan.FromMicroseconds(1);
        Assert.NotNull(pair.Open(pair.Responder, datagrams[6]));
        Assert.NotNull(pair.Open(pair.Responder, datagrams[2]));
        pair.Now += TimeSpan.FromMicroseconds(1);
        Assert.Null(pair.Open(pair.Responder, datagrams[3]));
        Assert.Equal((Instant.Never, 1), (pair.Responder.NextTimeout, pair.Responder.Rejected));
        Assert.NotNull(pair.Open(pair.Responder, datagrams[4]));
    }

    [Fact]
    public void The_old_key_is_wiped_in_time_though_nothing_arrives()
    {
        using var pair = new ChannelPair(packetsPerEpoch: 2);
        var datagrams = Enumerable.Range(0, 3).Select(i => ChannelPair.Seal(pair.Initiator, [(byte)i])).ToArray();
        Assert.NotNull(pair.Open(pair.Responder, datagrams[2]));
        pair.Responder.HandleTimeout(pair.Responder.NextTimeout);
        Assert.Equal(Instant.Never, pair.Responder.NextTimeout);
        Assert.Null(pair.Open(pair.Responder, datagrams[1]));
        Assert.Equal(1, pair.Responder.Rejected);
    }

    [Fact]
    public void A_second_step_within_two_seconds_wipes_the_oldest_epoch_at_once()
    {
        using var pair = new ChannelPair(packetsPerEpoch: 2);
        var datagrams = Enumerable.Range(0, 6).Select(i => ChannelPair.Seal(pair.Initiator, [(byte)i])).ToArray();
        foreach (var i in new[] { 0, 2, 4 }) Assert.NotNull(pair.Open(pair.Responder, datagrams[i]));
        Assert.Null(pair.Open(pair.Responder, datagrams[1]));
        Assert.NotNull(pair.Open(pair.Responder, datagrams[3]));
        Assert.NotNull(pair.Open(pair.Responder, datagrams[5]));
    }

    [Fact]
    public void An_epoch_further_ahead_than_the_next_is_not_even_tried()
    {
        using var pair = new ChannelPair(packetsPerEpoch: 2);
        var datagrams = Enumerable.Range(0, 6).Select(i => ChannelPair.Seal(pair.Initiator, [(byte)i])).ToArray();
        Assert.Null(pair.Open(pair.Responder, datagrams[4]));
        Assert.Equal(0u, pair.Responder.ReceiveEpoch);
        Assert.NotNull(pair.Open(pair.Responder, datagrams[2]));
        Assert.NotNull(pair.Open(pair.Responder, datagrams[4]));
    }

    // PROTOCOL CHN-3, CHN-9.
    [Fact]
    public void A_forged_epoch_moves_no_one_and_allocates_nothing()
    {
        using var pair = new ChannelPair();
        var datagram = ChannelPair.Seal(pair.Initiator, ChannelPair.Bytes(100, 1));
        var (forged, inner) = (datagram.ToArray(), new byte[200]);
        Forge();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++) Forge();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        Assert.Equal((0, 21 * 255, 0), (pair.Responder.Opened, pair.Responder.Rejected, pair.Responder.Replayed));
        Assert.Equal((0u, Instant.Never), (pair.Responder.ReceiveEpoch, pair.Responder.NextTimeout));
        Assert.NotNull(pair.Open(pair.Responder, datagram));

        void Forge()
        {
            for (var epoch = 1; epoch < 256; epoch++)
            {
                forged[2] = (byte)epoch;
                pair.Responder.TryOpen(forged, inner, pair.Now, out _);
            }
        }
    }

    [Fact]
    public void A_counter_that_no_honest_sender_reaches_is_refused_unopened()
    {
        using var eager = new ChannelPair(packetsPerEpoch: 100);
        using var pair = new ChannelPair(packetsPerEpoch: 10);
        var datagrams = Enumerable.Range(0, 11).Select(i => ChannelPair.Seal(eager.Initiator, [(byte)i])).ToArray();
        Assert.Null(pair.Open(pair.Responder, datagrams[10]));
        Assert.All(datagrams[..10], datagram => Assert.NotNull(pair.Open(pair.Responder, datagram)));
    }

    [Fact]
    public void Two_channels_of_the_same_keys_derive_the_same_next_key_but_never_the_same_bytes()
    {
        using var pair = new ChannelPair(packetsPerEpoch: 1);
        var (first, second) = (ChannelPair.Seal(pair.Initiator, new byte[64]), ChannelPair.Seal(pair.Initiator, new byte[64]));
        Assert.Equal(first[4..12], second[4..12]);
        Assert.NotEqual(first[16..], second[16..]);
    }
}
