using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>Somebody who changed both tickets on their way sits between the two: only the words can tell, and they do.</summary>
public sealed class ManInTheMiddleTests
{
    private static readonly Instant Now = new(1_000_000);

    [Fact]
    public void Exchanged_tickets_give_different_words_in_each_of_a_thousand_runs()
    {
        var alike = 0;
        for (var run = 0; run < 1000; run++)
        {
            using var net = new HandshakeNet((ulong)(40_000 + run), smallerIsA: run % 2 == 0);
            using var toA = new HandshakePeer(Simulation(run, "to a"), net.B.Address, wantsToSend: false, Now);
            using var toB = new HandshakePeer(Simulation(run, "to b"), net.A.Address, wantsToSend: true, Now);
            StrangersTests.Connect(net.A, toA);
            StrangersTests.Connect(toB, net.B);
            var (a, b) = (net.A.Session.Words, net.B.Session.Words);
            Assert.Equal(toA.Session.Words, a);
            Assert.Equal(toB.Session.Words, b);
            Assert.NotEqual(a, b);
            if (a[0] == b[0] || a[1] == b[1] || a[2] == b[2] || a[3] == b[3]) alike++;
        }

        // A single word fits once in 256: about 16 of a thousand runs have one of four.
        Assert.InRange(alike, 2, 40);
    }

    [Fact]
    public void An_initiator_that_shows_another_nonce_than_promised_is_closed()
    {
        using var a = StrangersTests.Peer(1);
        using var b = StrangersTests.Peer(2, wantsToSend: false);
        a.Paste(b, Now);
        var answer = b.Receive(a.Probe(b.Address, Now)!, a.Address, Now).First().Datagram;
        _ = a.Receive(answer, b.Address, Now).ToArray();
        var wrong = new byte[100];
        var inner = new byte[ConfirmPacket.Length];
        new ConfirmPacket { Nonce = new byte[16] }.Write(inner);
        var length = a.Session.Seal(PacketType.Control, inner, wrong);

        var closes = b.Receive(wrong[..length], a.Address, Now).ToArray();

        Assert.Empty(b.Made);
        Assert.Equal(3, closes.Length);
        _ = a.Receive(closes[0].Datagram, b.Address, Now).ToArray();
        Assert.Equal(CloseReason.BrokenCommitment, a.Made[0].ClosedByPeer);
    }

    [Fact]
    public void A_nonce_of_the_initiator_is_taken_once_and_only_if_it_is_the_promised_one()
    {
        Span<byte> promise = stackalloc byte[SessionNonces.Length];
        var nonce = Enumerable.Range(0, 16).Select(i => (byte)i).ToArray();
        KeySchedule.Commit(nonce, promise);
        var nonces = SessionNonces.OfResponder(promise, new byte[16]);

        Assert.False(nonces.TryOpen(new byte[16]));
        Assert.False(nonces.IsOpen);
        Assert.True(nonces.TryOpen(nonce));
        Assert.True(nonces.TryOpen(nonce));
        Assert.False(nonces.TryOpen(new byte[16]));
    }

    private static P2PCopy.Simulation.SeededRandom Simulation(int run, string name) => P2PCopy.Simulation.SeededRandom.For((ulong)run, name);
}
