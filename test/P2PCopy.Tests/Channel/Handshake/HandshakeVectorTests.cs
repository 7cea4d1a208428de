using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Channel.Words;
using P2PCopy.Tests.Vectors;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>Every byte of a handshake is what another implementation of its parts makes of the same keys and nonces.</summary>
public sealed class HandshakeVectorTests
{
    private static readonly Instant Now = new(1_000_000);
    private static readonly UdpEndpoint AddressOfA = UdpEndpoint.FromIPv4(0xcb007107, 4300);
    private static readonly UdpEndpoint AddressOfB = UdpEndpoint.FromIPv4(0xcb007108, 4300);

    [Theory]
    [InlineData("handshake")]
    [InlineData("handshake-xx")]
    public void A_handshake_is_that_of_the_vector_file(string name)
    {
        var file = VectorFile.Load(name);
        byte[] Bytes(string key) => Convert.FromHexString(file.Header(key)!);
        using var keyA = StaticKey.FromSeed(Bytes("initiator-static"));
        using var keyB = StaticKey.FromSeed(Bytes("responder-static"));
        var drawsA = new Draws(Bytes("initiator-index"), Bytes("initiator-ephemeral"), Bytes("initiator-nonce"), Bytes("attempt"));
        var drawsB = new Draws(Bytes("responder-ephemeral"), Bytes("responder-index"), Bytes("responder-nonce"));
        using var a = new Handshaker(keyA, new HandshakeOptions(WantsToSend: true, PostQuantum: false, LargestDatagram: 1472), drawsA, Now);
        using var b = new Handshaker(keyB, new HandshakeOptions(WantsToSend: false, PostQuantum: false, LargestDatagram: 1452), drawsB, Now);
        if (name == "handshake") a.SetPeer(keyB.Public, peerWantsToSend: false, Now);
        else
        {
            // B has an attempt of its own, with a larger ephemeral key than A's.
            drawsB.PutFirst([0x80, 0, 0, 1], [.. Enumerable.Repeat((byte)0x71, 32)], new byte[16], new byte[8]);
            a.SetBarePeer(AddressOfB, Now);
            b.SetBarePeer(AddressOfA, Now);
        }

        var buffer = new byte[1500];
        var inner = new byte[1500];
        var sent = new List<byte[]>();
        Assert.True(a.TryWriteProbe(AddressOfB, buffer, Now, out var length));
        sent.Add(buffer[..length]);
        Assert.Equal(HandshakeResult.AddressHeard, b.Handle(sent[^1], AddressOfA, Now).Result);
        Assert.True(b.TryTransmitReply(buffer, out var reply));
        Assert.Equal(AddressOfA, reply.Destination);
        sent.Add(buffer[..reply.Length]);
        var session = a.Handle(sent[^1], AddressOfB, Now).Session!;
        PeerSession? other = null;
        while (session.TryTransmitControl(buffer, out length))
        {
            sent.Add(buffer[..length]);
            if (Handshaker.Accepts(sent[^1])) b.Handle(sent[^1], AddressOfA, Now);
            else other = b.TryBegin(sent[^1], AddressOfA, inner, Now, out _);
        }

        Assert.True(other!.TryTransmitControl(buffer, out length));
        sent.Add(buffer[..length]);
        Assert.True(session.TryOpen(sent[^1], AddressOfB, inner, Now, out _));

        Assert.Equal(file.Datagrams.Select(datagram => Convert.ToHexStringLower(datagram.Bytes)), sent.Select(Convert.ToHexStringLower));
        Assert.Equal(VerificationWords.FromBytes(Bytes("word-bytes")), session.Words);
        Assert.Equal(session.Words, other.Words);
        Assert.Equal((AddressOfA, 1452, 2), (session.Observed, session.LargestDatagram, session.WordsAsked));
        Assert.True(session.IsReady && other.IsReady);
        session.Dispose();
        other.Dispose();
    }

    /// <summary>Random bytes that were agreed on, in the order in which a side draws them.</summary>
    private sealed class Draws(params byte[][] bytes) : IRandomBytes
    {
        private readonly List<byte[]> _bytes = [.. bytes];

        public void PutFirst(params byte[][] first) => _bytes.InsertRange(0, first);

        public void Fill(Span<byte> destination)
        {
            Assert.Equal(_bytes[0].Length, destination.Length);
            _bytes[0].CopyTo(destination);
            _bytes.RemoveAt(0);
        }
    }
}
