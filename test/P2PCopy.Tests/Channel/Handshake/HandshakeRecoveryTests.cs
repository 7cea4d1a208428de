using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>What is lost at the worst moment is made good.</summary>
public sealed class HandshakeRecoveryTests
{
    [Fact]
    public void A_session_that_nobody_confirms_is_given_up_and_the_next_attempt_connects()
    {
        using var net = new HandshakeNet(31);
        var healed = net.Now + TimeSpan.FromSeconds(8);
        net.Inspect = (datagram, from, _) => net.Now > healed || from != net.A.Address || datagram[1] != (byte)PacketType.Control;
        net.A.Paste(net.B, net.Now);

        Assert.True(net.Run(TimeSpan.FromSeconds(20), net.BothReady));
        Assert.True(net.A.Made[0].IsOver);
        Assert.False(net.A.Made[0].IsConfirmed);
        Assert.Equal(2, net.A.Made.Count);
        Assert.Equal(net.A.Session.Words, net.B.Session.Words);
    }

    [Fact]
    public void An_initiator_that_gave_up_replaces_the_session_of_a_responder_that_had_begun_it()
    {
        using var net = new HandshakeNet(32);
        var healed = net.Now + TimeSpan.FromSeconds(8);
        net.Inspect = (datagram, from, _) => net.Now > healed || from != net.B.Address || datagram[1] != (byte)PacketType.Control;
        net.A.Paste(net.B, net.Now);

        Assert.True(net.Run(TimeSpan.FromSeconds(30), net.BothReady));
        Assert.True(net.B.Made[0].IsOver);
        Assert.Equal(net.A.Session.Words, net.B.Session.Words);
        Assert.NotEqual(net.B.Made[0].Words, net.B.Session.Words);
    }

    [Theory]
    [InlineData(PacketType.Init)]
    [InlineData(PacketType.Response)]
    [InlineData(PacketType.Control)]
    [InlineData(PacketType.HelloXX)]
    [InlineData(PacketType.ResponseXX)]
    [InlineData(PacketType.FinishXX)]
    internal void The_first_three_of_any_kind_may_be_lost(PacketType type)
    {
        using var net = new HandshakeNet(33);
        var lost = 0;
        net.Inspect = (datagram, _, _) => datagram[1] != (byte)type || lost++ >= 3;
        if (type is PacketType.HelloXX or PacketType.ResponseXX or PacketType.FinishXX)
        {
            net.A.PasteBare(net.B.Address, net.Now);
            net.B.PasteBare(net.A.Address, net.Now);
        }
        else net.A.Paste(net.B, net.Now);

        Assert.True(net.Run(TimeSpan.FromSeconds(4), net.BothReady));
        Assert.True(lost > 3);
        Assert.Equal((1, 1), (net.A.Made.Count, net.B.Made.Count));
    }

    [Fact]
    public void A_ticket_that_is_pasted_while_its_owner_is_connected_as_a_stranger_makes_it_known()
    {
        using var net = new HandshakeNet(34, smallerIsA: false);
        net.A.Paste(net.B, net.Now);
        Assert.True(net.Run(TimeSpan.FromSeconds(1), net.BothReady));
        var session = net.B.Session;
        Assert.Equal((P2PCopy.NatTraversal.Channel.PeerTrust.OneWayTicket, 2, 2), (session.Trust, session.WordsAsked, net.A.Session.WordsAsked));

        net.B.Paste(net.A, net.Now);
        net.Run(TimeSpan.FromSeconds(30));

        Assert.Same(session, net.B.Session);
        Assert.Equal((P2PCopy.NatTraversal.Channel.PeerTrust.Ticket, 0), (session.Trust, session.WordsAsked));
        Assert.Null(net.B.Probe(net.A.Address, net.Now));
    }

    // PROTOCOL HSK-6.
    [Fact]
    public void Who_answers_its_peer_does_not_begin_as_well_when_an_old_answer_comes_late()
    {
        using var net = new HandshakeNet(35, smallerIsA: false);
        var (larger, smaller) = (net.A, net.B);
        larger.Paste(smaller, net.Now);
        var late = smaller.Receive(larger.Probe(smaller.Address, net.Now)!, larger.Address, net.Now).Single().Datagram;
        smaller.Paste(larger, net.Now);
        var answer = larger.Receive(smaller.Probe(larger.Address, net.Now)!, smaller.Address, net.Now).Single(sent => sent.Datagram[1] == (byte)PacketType.Response).Datagram;

        _ = larger.Receive(late, smaller.Address, net.Now).ToArray();
        Assert.Empty(larger.Made);
        _ = smaller.Receive(answer, larger.Address, net.Now).ToArray();
        Assert.Single(smaller.Made);

        Assert.True(net.Run(TimeSpan.FromSeconds(2), net.BothReady));
        Assert.Equal((1, 1), (larger.Made.Count, smaller.Made.Count));
        Assert.True(smaller.Session.IsInitiator);
    }
}
