using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>What is changed on its way is ignored in silence, and the genuine handshake succeeds all the same.</summary>
public sealed class HandshakeForgeryTests
{
    [Theory]
    [InlineData(PacketType.Init)]
    [InlineData(PacketType.Response)]
    [InlineData(PacketType.HelloXX)]
    [InlineData(PacketType.ResponseXX)]
    [InlineData(PacketType.FinishXX)]
    internal void A_handshake_datagram_with_any_bit_flipped_is_ignored(PacketType type)
    {
        using var net = Begin(type);
        var flipped = 0;
        net.Inspect = (datagram, from, to) =>
        {
            if (datagram[1] != (byte)type || flipped > 0) return true;
            var receiver = to == net.A.Address ? net.A : net.B;
            for (var bit = 0; bit < datagram.Length * 8; bit++, flipped++)
            {
                var forged = Flip(datagram, bit);
                if (Handshaker.Accepts(forged)) Assert.Equal(HandshakeResult.Ignored, receiver.Handler(forged, from, net.Now));
                Assert.DoesNotContain(receiver.Drain(net.Now), sent => Handshaker.Accepts(sent.Datagram));
            }

            return true;
        };

        Assert.True(net.Run(TimeSpan.FromSeconds(1), net.BothReady));
        Assert.Equal(HandshakePacket.LengthOf(type) * 8, flipped);
        Assert.Equal(net.A.Session.Words, net.B.Session.Words);
    }

    [Theory]
    [InlineData(PacketType.Init)]
    [InlineData(PacketType.Response)]
    [InlineData(PacketType.HelloXX)]
    [InlineData(PacketType.ResponseXX)]
    [InlineData(PacketType.FinishXX)]
    internal void A_forger_who_can_make_the_sum_gets_no_further(PacketType type)
    {
        using var net = Begin(type);
        var forgeries = new List<(byte[] Datagram, bool ToA)>();
        net.Inspect = (datagram, from, to) =>
        {
            if (datagram[1] != (byte)type || forgeries.Count > 0) return true;
            var receiver = to == net.A.Address ? net.A : net.B;
            var mac = type is PacketType.Init or PacketType.Response ? HandshakeMac.To(receiver.Key.Public) : HandshakeMac.Bare;
            for (var bit = DatagramHeader.Length * 8; bit < (datagram.Length - HandshakePacket.MacLength) * 8; bit += 5)
            {
                Assert.True(HandshakePacket.TryRead(Flip(datagram, bit), out var packet));
                var forged = new byte[datagram.Length];
                mac.Write(new HandshakePacket { Type = type, AttemptId = packet.AttemptId, ReceiverIndex = packet.ReceiverIndex, Message = packet.Message }, forged);
                forgeries.Add((forged, to == net.A.Address));
            }

            foreach (var (forged, _) in forgeries) net.Deliver(forged, from, to);
            return true;
        };

        Assert.True(net.Run(TimeSpan.FromSeconds(20), net.BothReady));
        Assert.NotEmpty(forgeries);
        Assert.Equal(net.A.Session.Words, net.B.Session.Words);
        Assert.Equal((net.B.Key.Public, net.A.Key.Public), (net.A.Session.RemoteKey, net.B.Session.RemoteKey));
    }

    [Fact]
    public void An_answer_that_was_forged_before_the_genuine_one_spoils_nothing()
    {
        using var net = new HandshakeNet(3);
        net.A.Paste(net.B, net.Now);
        var forged = 0;
        net.Inspect = (datagram, from, to) =>
        {
            if (datagram[1] != (byte)PacketType.Response || forged++ > 0) return true;
            var bytes = (byte[])datagram.Clone();
            bytes[60] ^= 1;
            Assert.True(HandshakePacket.TryRead(bytes, out var packet));
            HandshakeMac.To(net.A.Key.Public).Write(new HandshakePacket { Type = packet.Type, AttemptId = packet.AttemptId, ReceiverIndex = packet.ReceiverIndex, Message = packet.Message }, bytes.AsSpan());
            Assert.Equal(HandshakeResult.Ignored, net.A.Handler(bytes, from, net.Now));
            Assert.Equal(1, net.A.Handshaker.Counters.Forged);
            return true;
        };

        Assert.True(net.Run(TimeSpan.FromSeconds(1), net.BothReady));
    }

    private static HandshakeNet Begin(PacketType type)
    {
        var net = new HandshakeNet(11);
        if (type is PacketType.Init or PacketType.Response)
        {
            net.A.Paste(net.B, net.Now);
            net.B.Paste(net.A, net.Now);
        }
        else
        {
            net.A.PasteBare(net.B.Address, net.Now);
            net.B.PasteBare(net.A.Address, net.Now);
        }

        return net;
    }

    private static byte[] Flip(byte[] datagram, int bit)
    {
        var flipped = (byte[])datagram.Clone();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
