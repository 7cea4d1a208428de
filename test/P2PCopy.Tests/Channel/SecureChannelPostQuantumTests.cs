using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;

namespace P2PCopy.Tests.Channel;

public sealed class SecureChannelPostQuantumTests
{
    private static readonly byte[] InitiatorToResponder = ChannelPair.Bytes(32, 3);
    private static readonly byte[] ResponderToInitiator = ChannelPair.Bytes(32, 4);

    // PROTOCOL CHN-11.
    [Theory, MemberData(nameof(ChannelPair.Ciphers), MemberType = typeof(ChannelPair))]
    internal void Both_sides_reach_epoch_1_and_packets_that_cross_are_read(DataCipher cipher)
    {
        using var pair = new ChannelPair(cipher);
        var early = ChannelPair.Seal(pair.Initiator, [1]);
        Assert.True(Install(pair.Responder));
        var ciphertext = ChannelPair.Seal(pair.Responder, [2]);
        var crossing = ChannelPair.Seal(pair.Responder, [3]);
        Assert.Equal((0, 0u), (ciphertext[2], pair.Responder.SendEpoch));

        Assert.Equal([2], pair.Open(pair.Initiator, ciphertext));
        Assert.True(Install(pair.Initiator));
        var first = ChannelPair.Seal(pair.Initiator, [4]);
        Assert.Equal(1, first[2]);
        Assert.Equal([3], pair.Open(pair.Initiator, crossing));

        Assert.Equal([4], pair.Open(pair.Responder, first, out var opened));
        Assert.Equal((1u, 1u), (opened.Epoch, pair.Responder.SendEpoch));
        Assert.Equal([1], pair.Open(pair.Responder, early));
        var answer = ChannelPair.Seal(pair.Responder, [5]);
        Assert.Equal(1, answer[2]);
        Assert.Equal([5], pair.Open(pair.Initiator, answer, out opened));
        Assert.Equal(1u, opened.Epoch);
    }

    // PROTOCOL CHN-12.
    [Fact]
    public void With_epoch_1_another_cipher_can_come_and_what_crosses_it_is_read()
    {
        if (!DataCipher.Aegis256.IsSupported()) return;
        using var pair = new ChannelPair(DataCipher.Aes256Gcm, packetsPerEpoch: 4);
        var early = ChannelPair.Seal(pair.Initiator, [1]);
        Assert.True(Install(pair.Responder, DataCipher.Aegis256));
        var crossing = ChannelPair.Seal(pair.Responder, [2]);
        Assert.True(Install(pair.Initiator, DataCipher.Aegis256));
        Assert.Equal((DataCipher.Aegis256, DataCipher.Aes256Gcm), (pair.Initiator.Cipher, pair.Responder.Cipher));
        Assert.Equal((48, 32), (pair.Initiator.Overhead, pair.Responder.Overhead));

        Assert.Equal([3], pair.Open(pair.Responder, ChannelPair.Seal(pair.Initiator, [3])));
        Assert.Equal([1], pair.Open(pair.Responder, early));
        Assert.Equal([2], pair.Open(pair.Initiator, crossing));
        Assert.Equal((DataCipher.Aegis256, 48), (pair.Responder.Cipher, pair.Responder.Overhead));

        // It stays with all epochs after that, and what is shorter than its tag is refused.
        for (var i = 0; i < 9; i++) Assert.NotNull(pair.Open(pair.Initiator, ChannelPair.Seal(pair.Responder, [(byte)i])));
        Assert.Equal((3u, DataCipher.Aegis256), (pair.Responder.SendEpoch, pair.Responder.Cipher));
        Assert.Null(pair.Open(pair.Initiator, ChannelPair.Seal(pair.Responder, [])[..47]));
        Assert.Equal(1, pair.Initiator.Rejected);
    }

    // PROTOCOL CHN-12.
    [Theory]
    [InlineData(DataCipher.Aes256Gcm)]
    [InlineData(DataCipher.Aegis256)]
    public void A_responder_that_does_not_know_which_cipher_comes_learns_it_from_the_first_datagram_and_from_no_forgery(DataCipher cipher)
    {
        if (!DataCipher.Aegis256.IsSupported()) return;
        using var pair = new ChannelPair(DataCipher.Aes256Gcm, packetsPerEpoch: 4);
        Assert.True(pair.Responder.InstallEpoch1(DataCipher.Aes256Gcm, DataCipher.Aegis256, InitiatorToResponder, ResponderToInitiator));
        Assert.True(Install(pair.Initiator, cipher));
        var first = ChannelPair.Seal(pair.Initiator, [1]);
        for (var bit = 0; bit < first.Length * 8; bit++)
        {
            var forged = first.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(pair.Open(pair.Responder, forged));
        }

        Assert.Equal((0u, 0u), (pair.Responder.SendEpoch, pair.Responder.ReceiveEpoch));
        Assert.Equal([1], pair.Open(pair.Responder, first));
        Assert.Equal((cipher, 1u), (pair.Responder.Cipher, pair.Responder.SendEpoch));
        Assert.Null(pair.Open(pair.Responder, first));
        for (var i = 0; i < 9; i++) Assert.NotNull(pair.Open(pair.Initiator, ChannelPair.Seal(pair.Responder, [(byte)i])));
        for (var i = 0; i < 9; i++) Assert.NotNull(pair.Open(pair.Responder, ChannelPair.Seal(pair.Initiator, [(byte)i])));
        Assert.Equal(cipher, pair.Responder.Cipher);
    }

    [Fact]
    public void Epoch_0_is_wiped_two_seconds_after_the_first_packet_of_epoch_1()
    {
        using var pair = new ChannelPair();
        var (early, late) = (ChannelPair.Seal(pair.Initiator, [1]), ChannelPair.Seal(pair.Initiator, [2]));
        Install(pair.Responder);
        Install(pair.Initiator);
        Assert.NotNull(pair.Open(pair.Responder, ChannelPair.Seal(pair.Initiator, [3])));
        Assert.NotNull(pair.Open(pair.Responder, early));
        pair.Now += TimeSpan.FromSeconds(2);
        pair.Responder.HandleTimeout(pair.Now);
        Assert.Null(pair.Open(pair.Responder, late));
        Assert.Equal(Instant.Never, pair.Responder.NextTimeout);
    }

    [Fact]
    public void The_keys_derived_from_epoch_0_do_not_open_epoch_1()
    {
        using var pair = new ChannelPair(packetsPerEpoch: 1);
        ChannelPair.Seal(pair.Initiator, [1]);
        var derived = ChannelPair.Seal(pair.Initiator, [2]);
        Assert.Equal(1, derived[2]);
        Install(pair.Responder);
        Assert.Null(pair.Open(pair.Responder, derived));
        Assert.Equal(0u, pair.Responder.ReceiveEpoch);
    }

    [Fact]
    public void The_keys_of_epoch_1_follow_from_the_post_quantum_ones()
    {
        using var pair = new ChannelPair(packetsPerEpoch: 3);
        Install(pair.Responder);
        Install(pair.Initiator);
        for (var i = 0; i < 9; i++) Assert.NotNull(pair.Open(pair.Responder, ChannelPair.Seal(pair.Initiator, [(byte)i])));
        for (var i = 0; i < 9; i++) Assert.NotNull(pair.Open(pair.Initiator, ChannelPair.Seal(pair.Responder, [(byte)i])));
        Assert.Equal((3u, 3u), (pair.Initiator.SendEpoch, pair.Responder.SendEpoch));
    }

    [Fact]
    public void The_step_is_made_once_and_only_from_epoch_0()
    {
        using var pair = new ChannelPair(packetsPerEpoch: 1);
        Assert.True(Install(pair.Responder));
        Assert.False(Install(pair.Responder));

        using var rekeyed = new ChannelPair(packetsPerEpoch: 1);
        for (var i = 0; i < 2; i++) Assert.NotNull(rekeyed.Open(rekeyed.Responder, ChannelPair.Seal(rekeyed.Initiator, [1])));
        Assert.False(Install(rekeyed.Responder));
        Assert.False(Install(rekeyed.Initiator));
    }

    private static bool Install(SecureChannel channel, DataCipher? cipher = null) => channel.InstallEpoch1(cipher ?? channel.Cipher, null, InitiatorToResponder, ResponderToInitiator);
}
