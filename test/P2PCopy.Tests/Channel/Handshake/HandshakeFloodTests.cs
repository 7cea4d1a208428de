using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Channel.Wire;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>Somebody who knows our ticket and fills the line costs us a bounded amount of work and memory, and does not keep the peer out.</summary>
public sealed class HandshakeFloodTests
{
    private const int Packets = 20_000;

    [Fact]
    public void A_flood_of_first_messages_from_everywhere_is_opened_at_twenty_a_second_and_the_peer_comes_through()
    {
        using var net = new HandshakeNet(51);
        var random = new SeededRandom(52);
        var start = net.Now;
        net.A.Paste(net.B, net.Now);
        net.B.Paste(net.A, net.Now);
        net.Inspect = (_, _, _) => false;

        // Five seconds of flood while nothing of the peer gets through, and then the peer in the midst of it.
        var mac = HandshakeMac.To(net.B.Key.Public);
        Assert.True(HandshakePacket.TryRead(net.A.Probe(net.B.Address, net.Now)!, out var genuine));
        for (var i = 0; i < Packets; i++)
        {
            if (i % 4 == 0) net.Run(TimeSpan.FromMilliseconds(1));
            if (i == Packets / 2) net.Inspect = null;
            var message = new byte[genuine.Message.Length];
            random.Fill(message);
            var forged = new byte[HandshakePacket.LengthOf(PacketType.Init)];
            mac.Write(new HandshakePacket { Type = PacketType.Init, AttemptId = random.NextUInt64(), ReceiverIndex = genuine.ReceiverIndex, Message = message }, forged);
            net.Deliver(forged, UdpEndpoint.FromIPv4(random.NextUInt32(), 4300), net.B.Address);
        }

        var seconds = (net.Now - start).TotalSeconds;
        Assert.InRange(seconds, 4.9, 5.1);
        Assert.True(net.BothReady());
        Assert.InRange(net.B.Handshaker.Counters.Opened, 20, 20 + (20 * seconds) + 10 + seconds);
        Assert.InRange(net.B.Handshaker.Counters.Limited, Packets - 150, Packets);
        Assert.InRange(net.B.Handshaker.RememberedNetworks, 1, 64);
        Assert.InRange(net.B.Handshaker.Remembered, 1, ReceivedHellos.Capacity);
    }

    [Fact]
    public void A_flood_with_a_wrong_code_costs_no_key_exchange_and_allocates_nothing()
    {
        using var net = new HandshakeNet(53);
        net.A.Paste(net.B, net.Now);
        var damaged = net.A.Probe(net.B.Address, net.Now)!;
        damaged[20] ^= 1;
        for (var i = 0; i < 100; i++) net.B.Handler(damaged, net.A.Address, net.Now);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Packets; i++) net.B.Handler(damaged, net.A.Address, net.Now);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((Packets + 100, 0), (net.B.Handshaker.Counters.WrongSum, net.B.Handshaker.Counters.Opened));
    }

    [Fact]
    public void Genuine_first_messages_of_ever_new_strangers_are_remembered_in_bounded_number()
    {
        using var b = StrangersTests.Peer(1, wantsToSend: false);
        var now = new Instant(1_000_000);
        for (var i = 0; i < 300; i++)
        {
            now += TimeSpan.FromMilliseconds(60);
            using var stranger = new HandshakePeer(SeededRandom.For((ulong)i, "stranger"), UdpEndpoint.FromIPv4((uint)i << 8, 4300), wantsToSend: true, now);
            stranger.Paste(b, now);
            Assert.Single(b.Receive(stranger.Probe(b.Address, now)!, stranger.Address, now));
            Assert.InRange(b.Handshaker.Remembered, 1, ReceivedHellos.Capacity);
        }

        Assert.Empty(b.Made);
        using var last = StrangersTests.Peer(2);
        StrangersTests.Connect(last, b, now);
        Assert.Single(b.Made);
    }

    [Fact]
    public void Random_bytes_are_never_taken_for_anything()
    {
        using var net = new HandshakeNet(54);
        var random = new SeededRandom(55);
        net.A.PasteBare(net.B.Address, net.Now);
        for (var i = 0; i < Packets; i++)
        {
            var bytes = new byte[random.Between(0, 200)];
            random.Fill(bytes);
            if (bytes.Length > 16) (bytes[0], bytes[1], bytes[2], bytes[3], bytes[12]) = (0xd5, (byte)(i % 6), 0, 0, (byte)(bytes[12] | 0x80));
            Assert.Equal(HandshakeResult.Ignored, net.A.Handler(bytes, net.B.Address, net.Now));
            Assert.Null(net.A.Handshaker.TryBegin(bytes, net.B.Address, new byte[200], net.Now, out _));
        }
    }

    [Fact]
    public void A_bucket_gives_its_burst_at_once_and_then_its_rate()
    {
        var now = new Instant(5_000_000);
        var bucket = new TokenBucket(10, 2, now);
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => bucket.TryTake(now)));
        Assert.False(bucket.TryTake(now + TimeSpan.FromMilliseconds(499)));
        Assert.True(bucket.TryTake(now + TimeSpan.FromMilliseconds(500)));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => bucket.TryTake(now + TimeSpan.FromSeconds(60))));
    }

    [Fact]
    public void Addresses_of_one_network_share_what_they_may()
    {
        var now = new Instant(5_000_000);
        var limits = new HandshakeLimits(now);
        var v4 = UdpEndpoint.FromIPv4(0x0a000001, 1);
        var v6 = UdpEndpoint.FromIPv6(0x20010db8_004a_0001, 1, 1);
        Assert.Equal(10, Enumerable.Range(0, 50).Count(i => limits.TryTake(UdpEndpoint.FromIPv4(0x0a000000u | (uint)i, (ushort)i), now)));
        Assert.Equal(10, Enumerable.Range(0, 50).Count(i => limits.TryTake(UdpEndpoint.FromIPv6(0x20010db8_004a_0000UL | (uint)i, (ulong)i, 1), now)));

        // The sum of all is used up; who is expected has its own.
        Assert.False(limits.TryTake(UdpEndpoint.FromIPv4(0x0b000001, 1), now));
        limits.Expect(UdpEndpoint.FromIPv4(0x0c000001, 1));
        Assert.Equal(10, Enumerable.Range(0, 50).Count(_ => limits.TryTake(UdpEndpoint.FromIPv4(0x0c000002, 2), now)));
        Assert.False(limits.TryTake(v4, now) || limits.TryTake(v6, now));
    }
}
