using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Tests.Channel;

public sealed class SecureChannelTests
{
    [Theory, MemberData(nameof(ChannelPair.Ciphers), MemberType = typeof(ChannelPair))]
    internal void What_one_end_seals_the_other_opens(DataCipher cipher)
    {
        using var pair = new ChannelPair(cipher);
        foreach (var length in new[] { 0, 1, 15, 16, 17, 1440, 2000 })
        {
            var inner = ChannelPair.Bytes(length, length);
            Assert.Equal(inner, pair.Open(pair.Responder, ChannelPair.Seal(pair.Initiator, inner), out var opened));
            Assert.Equal(new OpenedPacket(PacketType.Data, length, true, 0), opened);
            Assert.Equal(inner, pair.Open(pair.Initiator, ChannelPair.Seal(pair.Responder, inner, PacketType.Control), out opened));
            Assert.Equal(PacketType.Control, opened.Type);
        }

        Assert.Equal((7, 7, 0, 0), (pair.Responder.Sealed, pair.Responder.Opened, pair.Responder.Rejected, pair.Responder.Replayed));
    }

    [Theory, MemberData(nameof(ChannelPair.Ciphers), MemberType = typeof(ChannelPair))]
    internal void A_packet_may_be_sealed_and_opened_where_it_lies(DataCipher cipher)
    {
        using var pair = new ChannelPair(cipher);
        var inner = ChannelPair.Bytes(1440, 1);
        byte[] buffer = [.. new byte[DatagramHeader.Length], .. inner, .. new byte[pair.Initiator.Overhead - DatagramHeader.Length]];
        Assert.Equal(buffer.Length, pair.Initiator.Seal(PacketType.Data, buffer.AsSpan(16, 1440), buffer));
        Assert.NotEqual(inner, buffer[16..1456]);
        Assert.True(pair.Responder.TryOpen(buffer, buffer.AsSpan(16), Instant.Zero, out _));
        Assert.Equal(inner, buffer[16..1456]);
    }

    // PROTOCOL CHN-3.
    [Theory, MemberData(nameof(ChannelPair.Ciphers), MemberType = typeof(ChannelPair))]
    internal void Every_flipped_bit_is_noticed_and_changes_nothing(DataCipher cipher)
    {
        using var pair = new ChannelPair(cipher);
        var datagram = ChannelPair.Seal(pair.Initiator, ChannelPair.Bytes(100, 1));
        for (var bit = 0; bit < datagram.Length * 8; bit++)
        {
            var flipped = datagram.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(pair.Open(pair.Responder, flipped));
        }

        Assert.Equal((0, datagram.Length * 8, 0), (pair.Responder.Opened, pair.Responder.Rejected, pair.Responder.Replayed));
        Assert.Equal((0u, 0u, Instant.Never), (pair.Responder.SendEpoch, pair.Responder.ReceiveEpoch, pair.Responder.NextTimeout));
        Assert.NotNull(pair.Open(pair.Responder, datagram, out var opened));
        Assert.True(opened.IsNewest);
    }

    // PROTOCOL CHN-1.
    [Fact]
    public void Every_other_length_is_refused()
    {
        using var pair = new ChannelPair();
        var datagram = ChannelPair.Seal(pair.Initiator, ChannelPair.Bytes(100, 1));
        for (var length = 0; length < datagram.Length; length++) Assert.Null(pair.Open(pair.Responder, datagram[..length]));
        for (var more = 1; more < 64; more++) Assert.Null(pair.Open(pair.Responder, [.. datagram, .. new byte[more]]));
        Assert.NotNull(pair.Open(pair.Responder, datagram));
    }

    [Fact]
    public void A_datagram_too_long_for_the_room_is_refused_and_not_lost()
    {
        using var pair = new ChannelPair();
        var datagram = ChannelPair.Seal(pair.Initiator, ChannelPair.Bytes(100, 1));
        Assert.False(pair.Responder.TryOpen(datagram, new byte[99], Instant.Zero, out _));
        Assert.True(pair.Responder.TryOpen(datagram, new byte[100], Instant.Zero, out _));
    }

    // PROTOCOL CHN-7.
    [Fact]
    public void No_packet_is_taken_twice()
    {
        using var pair = new ChannelPair();
        var datagrams = Enumerable.Range(0, 5000).Select(i => ChannelPair.Seal(pair.Initiator, ChannelPair.Bytes(8, i))).ToArray();
        Assert.All(datagrams, datagram => Assert.NotNull(pair.Open(pair.Responder, datagram)));
        Assert.All(datagrams, datagram => Assert.Null(pair.Open(pair.Responder, datagram)));
        Assert.Equal((5000, 5000, 0), (pair.Responder.Opened, pair.Responder.Replayed, pair.Responder.Rejected));
    }

    [Fact]
    public void Packets_may_come_in_any_order_within_the_window()
    {
        using var pair = new ChannelPair();
        var datagrams = Enumerable.Range(0, ReplayWindow.Size).Select(i => ChannelPair.Seal(pair.Initiator, BitConverter.GetBytes(i))).ToArray();
        var order = Enumerable.Range(0, ReplayWindow.Size).ToArray();
        new Random(1).Shuffle(order);
        var newest = -1;
        foreach (var i in order)
        {
            Assert.Equal(BitConverter.GetBytes(i), pair.Open(pair.Responder, datagrams[i], out var opened));
            Assert.Equal(i > newest, opened.IsNewest);
            newest = Math.Max(newest, i);
        }
    }

    [Fact]
    public void A_packet_older_than_the_window_is_refused()
    {
        using var pair = new ChannelPair();
        var datagrams = Enumerable.Range(0, ReplayWindow.Size + 1).Select(i => ChannelPair.Seal(pair.Initiator, ChannelPair.Bytes(8, i))).ToArray();
        Assert.NotNull(pair.Open(pair.Responder, datagrams[^1]));
        Assert.Null(pair.Open(pair.Responder, datagrams[0]));
        Assert.NotNull(pair.Open(pair.Responder, datagrams[1]));
        Assert.Equal(1, pair.Responder.Replayed);
    }

    // PROTOCOL CHN-6.
    [Fact]
    public void A_packet_sent_back_to_its_sender_is_refused_even_where_both_chose_one_index()
    {
        var (there, back) = (ChannelPair.Bytes(32, 1), ChannelPair.Bytes(32, 2));
        using var channel = new SecureChannel(DataCipher.ChaCha20Poly1305, true, there, back, 0x8000_0001, 0x8000_0001);
        Assert.False(channel.TryOpen(ChannelPair.Seal(channel, [1, 2, 3]), new byte[100], Instant.Zero, out _));
        Assert.Equal(1, channel.Rejected);
    }

    // PROTOCOL CHN-2.
    [Fact]
    public void A_packet_for_another_session_is_refused_though_the_keys_are_the_same()
    {
        using var pair = new ChannelPair();
        using var other = new SecureChannel(
            DataCipher.ChaCha20Poly1305, true, ChannelPair.Bytes(32, 1), ChannelPair.Bytes(32, 2), 0x8000_0001, 0x8000_0003);
        Assert.Null(pair.Open(pair.Responder, ChannelPair.Seal(other, [1, 2, 3])));
        Assert.Equal(1, pair.Responder.Rejected);
    }

    // PROTOCOL CHN-1.
    [Fact]
    public void Types_of_the_handshake_are_not_opened_even_from_the_peer()
    {
        using var pair = new ChannelPair();
        foreach (var type in Enumerable.Range(0, 256).Select(type => (PacketType)type).Except([PacketType.Data, PacketType.Control]))
            Assert.Null(pair.Open(pair.Responder, ChannelPair.Seal(pair.Initiator, [1], type)));
        Assert.Equal(254, pair.Responder.Rejected);
    }

    [Theory, MemberData(nameof(ChannelPair.Ciphers), MemberType = typeof(ChannelPair))]
    internal void A_packet_costs_no_allocation(DataCipher cipher)
    {
        using var pair = new ChannelPair(cipher);
        var (inner, datagram) = (ChannelPair.Bytes(1440, 1), new byte[1440 + pair.Initiator.Overhead]);
        Exchange(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(5000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((5100, 5100, 5100), (pair.Responder.Opened, pair.Responder.Replayed, pair.Responder.Rejected));

        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                pair.Initiator.Seal(PacketType.Data, inner, datagram);
                datagram[^1] ^= 1;
                pair.Responder.TryOpen(datagram, inner, pair.Now, out _);
                datagram[^1] ^= 1;
                pair.Responder.TryOpen(datagram, inner, pair.Now, out _);
                pair.Responder.TryOpen(datagram, inner, pair.Now, out _);
            }
        }
    }
}
